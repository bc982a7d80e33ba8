"""A user's image files as pixels: the reader that training and prediction share."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntFlag
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from ...errors import DataFaultError
from ..cache import Arrays, room

Background = Literal["white", "grey", "black"]
Resize = bool | Literal["crop"]

LEVELS: dict[Background, int] = {"white": 255, "grey": 128, "black": 0}
DEEP_GREY = ("I", "I;16", "I;16B", "I;16L", "I;16N")
SCALED_TO_16_BITS = ("PNG", "PPM", "JPEG2000")
"""Formats whose deep grey images Pillow scales to 0 to 65535, in the older versions in mode ``I``."""
BITS_PER_SAMPLE, PHOTOMETRIC = 258, 262
"""Tags of TIFF; photometric 0 means that white is 0."""
EXAMPLES = 3


class Found(IntFlag):
    """Properties of an image file of which its pixels no longer tell."""

    TRANSPARENT = 1
    SEVERAL = 2
    DEEP = 4


@dataclass(frozen=True)
class ImageReader:
    """Reads images in one form: ``mode`` RGB or grey (L), and ``size`` (width, height). Others are scaled if
    ``resize``, or scaled until they cover it and cut around their centre (``crop``), else refused with the words
    ``size_wanted``. ``background``: of transparent pixels (None: they are refused)."""

    mode: Literal["RGB", "L"]
    size: tuple[int, int]
    resize: Resize
    background: Background | None
    size_wanted: str

    def form(self) -> list[object]:
        """Returns the part of it that decides pixels."""
        return [self.mode, *self.size, self.resize, self.background]

    def read(self, path: Path, content: bytes) -> tuple[NDArray[np.uint8], Found]:
        """Decodes a file's bytes to pixels [channels, height, width], the first picture if there are several, rotated
        by its EXIF orientation. Colour profiles are ignored.

        Raises:
            DataFaultError: the file is no image or damaged, has another size or a form that does not tell its colours.
        """
        try:
            with Image.open(io.BytesIO(content)) as image:
                eight_bits, found = self._eight_bits(image, path)
                pixels = np.asarray(self._sized(eight_bits))
        except DataFaultError:
            raise
        except Exception as error:  # Pillow's decoders raise many kinds for damaged files
            raise DataFaultError(f"cannot read {path} as an image: {_reason(error, content)}") from error
        return pixels.reshape(*pixels.shape[:2], -1).transpose(2, 0, 1), found

    def _eight_bits(self, image: Image.Image, path: Path) -> tuple[Image.Image, Found]:
        found = Found(0)
        if image.mode == "RGB" and "transparency" in image.info and ";16" in str(getattr(image, "tile", "")):
            raise DataFaultError(
                f"{path} has a transparent colour of 48 bits, of which Pillow reads 24: save it with 8"
            )
        turned = ImageOps.exif_transpose(image)
        if turned.size != self.size and not self.resize:
            raise DataFaultError(f"{path} has {turned.width}x{turned.height} pixels, {self.size_wanted}")
        if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:  # MPO: a camera's JPEG with its preview
            found |= Found.SEVERAL
        if turned.mode in DEEP_GREY:
            found |= Found.DEEP
            turned = _upper_bits(image, turned, path)
        elif turned.mode == "F":
            raise DataFaultError(_unknown_white(path, turned.mode))
        if turned.has_transparency_data:
            turned = turned.convert("RGBA")
            if turned.getchannel("A").getextrema() != (255, 255):
                found |= Found.TRANSPARENT
                turned = self._laid_over(turned, path)
        if turned.mode == "LAB":  # converted to grey by way of colours only
            turned = turned.convert("RGB")
        return turned.convert(self.mode), found

    def _sized(self, image: Image.Image) -> Image.Image:
        way = Image.Resampling.BILINEAR
        return ImageOps.fit(image, self.size, way) if self.resize == "crop" else image.resize(self.size, way)

    def _laid_over(self, image: Image.Image, path: Path) -> Image.Image:
        if self.background is None:
            raise DataFaultError(
                f"{path} has transparent pixels, and the run's data states no colour to lay them over: save it without "
                "transparency"
            )
        level = LEVELS[self.background]
        over = Image.alpha_composite(Image.new("RGBA", image.size, (level, level, level, 255)), image).convert("RGB")
        is_blank = image.getcolors(1) is not None and image.getchannel("A").getextrema() == (0, 0)
        if over.getcolors(1) == [(image.width * image.height, (level, level, level))] and not is_blank:
            raise DataFaultError(
                f"{path}: nothing of it shows over {self.background}, the colour under transparent pixels: choose "
                "another dataset.args.background, or save it without transparency"
            )
        return over


def _upper_bits(image: Image.Image, turned: Image.Image, path: Path) -> Image.Image:
    """Converts a grey image of more than 8 bits a pixel to mode L, or LA if one value is transparent."""
    tags = getattr(image, "tag_v2", {})
    if image.format == "TIFF" and turned.mode != "I":
        bits = int(tags[BITS_PER_SAMPLE][0])
    elif image.format in SCALED_TO_16_BITS:
        bits = 16
    else:
        raise DataFaultError(_unknown_white(path, turned.mode))
    values = np.asarray(turned).astype(np.int32)
    if tags.get(PHOTOMETRIC) == 0:  # Pillow inverts only those of 8 bits
        values = 2**bits - 1 - values
    grey = Image.fromarray((values >> (bits - 8)).astype(np.uint8))
    key = turned.info.get("transparency")
    if key is None:
        return grey
    return Image.merge("LA", (grey, Image.fromarray(np.where(values == key, 0, 255).astype(np.uint8))))


def _unknown_white(path: Path, mode: str) -> str:
    return f"{path} holds numbers (mode {mode}) that do not say which is white: save it as PNG, of 8 or 16 bits"


def _reason(error: Exception, content: bytes) -> str:
    if not content:
        return "it is empty"
    is_unknown = isinstance(error, UnidentifiedImageError)  # its message names a buffer in memory
    return "it has no known format" if is_unknown else str(error) or type(error).__name__


def is_image(path: Path) -> bool:
    """True if a file's content begins like that of an image that can be decoded."""
    try:
        with Image.open(path) as image:
            return image.format not in ("BUFR", "GRIB", "HDF5", "MPEG")  # recognised, never decoded
    except Exception:
        return False


def read_content(path: Path) -> bytes:
    """Reads a file's bytes.

    Raises:
        DataFaultError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataFaultError(f"cannot read {path}: {error.strerror}") from error


def digest(content: bytes) -> str:
    """Computes the hash of a file's bytes in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def read_images(paths: Sequence[Path], digests: Sequence[str], reader: ImageReader) -> Arrays:
    """Decodes files: ``images`` [samples, channels, height, width], and ``found`` [samples], the properties of each.

    Raises:
        DataFaultError: a file cannot be decoded, or its hash is no longer the one in ``digests``.
    """
    width, height = reader.size
    images = room((len(paths), len(reader.mode), height, width))
    found = np.empty(len(paths), np.uint8)
    for place, (path, expected) in enumerate(zip(paths, digests, strict=True)):
        content = read_content(path)
        if digest(content) != expected:
            raise DataFaultError(f"{path} was changed while the images were read")
        images[place], found[place] = reader.read(path, content)
    return {"images": images, "found": found}


def name_of(path: Path, folder: Path | None) -> str:
    """Returns a file's name for the user, relative to the folder if one is given."""
    return str(path) if folder is None else path.relative_to(folder).as_posix()


def some(paths: Sequence[Path], folder: Path | None) -> str:
    """Lists the names of the first files, and the number of the others."""
    first = ", ".join(name_of(path, folder) for path in sorted(paths)[:EXAMPLES])
    others = len(paths) - EXAMPLES
    return f"{first} and {others:,} more" if others > 0 else first


def told(found: NDArray[np.uint8], paths: Sequence[Path], folder: Path | None, background: str | None) -> list[str]:
    """Returns notices about the images of which something was changed or left out; ``some`` names them."""
    said = {
        Found.TRANSPARENT: f"transparent pixels were laid over {background} (dataset.args.background)",
        Found.SEVERAL: "of several pictures in a file only the first was read",
        Found.DEEP: "of more than 8 bits a grey pixel the upper 8 were read",
    }
    having = {flag: [paths[k] for k in np.flatnonzero(found & flag)] for flag in said}
    return [f"{said[flag]}: {some(those, folder)}" for flag, those in having.items() if those]
