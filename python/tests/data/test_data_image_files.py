"""Image files of every kind: read as the picture that they show, or refused by name."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from dsptt_worker.data.images.files import Background, Found, ImageReader, told
from dsptt_worker.errors import DataFaultError

RAMP = np.add.outer(np.arange(16) * 10, np.arange(16) * 5) + 8
"""A grey picture, [16, 16], from 8 to 233."""


def read(
    content: bytes, background: Background | None = "white", mode: Literal["RGB", "L"] = "RGB"
) -> tuple[NDArray[np.uint8], Found]:
    return ImageReader(mode, (16, 16), False, background, "a size").read(Path("it.xyz"), content)


def ramp(mode: str) -> Image.Image:
    """The grey picture in a mode, white being the mode's own."""
    grey = Image.fromarray(RAMP.astype(np.uint8))
    if mode.startswith("I;16"):
        order = ">u2" if mode == "I;16B" else "<u2"
        return Image.frombytes(mode, grey.size, (RAMP * 257).astype(order).tobytes())
    if mode == "I":
        return Image.fromarray((RAMP * 257).astype(np.int32))
    if mode == "F":
        return Image.fromarray((RAMP / 255).astype(np.float32))
    if mode == "1":
        return grey.point(lambda value: 255 * (value > 127)).convert("1")
    if mode in ("P", "PA"):
        return grey.convert("P").convert(mode)
    return grey.convert("RGB").convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png(colour: int, values: NDArray[np.int64], transparent: bytes = b"") -> bytes:
    """A PNG file of 16 bits; ``colour`` is the format's number of the sort: 0 grey, 2 RGB, 4 grey and alpha, 6 RGBA."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", *values.shape[:2], 16, colour, 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    key = chunk(b"tRNS", transparent) if transparent else b""
    picture = chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + key + picture + chunk(b"IEND", b"")


@pytest.mark.parametrize("wanted", ["RGB", "L"])
@pytest.mark.parametrize(
    ("mode", "kinds"),
    [
        ("1", ["PNG", "BMP", "GIF", "TIFF", "PPM"]),
        ("L", ["PNG", "BMP", "GIF", "JPEG", "JPEG2000", "TIFF", "PPM", "TGA", "AVIF", "WEBP"]),
        ("P", ["PNG", "BMP", "GIF", "TIFF", "TGA", "WEBP"]),
        ("RGB", ["PNG", "BMP", "GIF", "JPEG", "JPEG2000", "MPO", "TIFF", "PPM", "TGA", "AVIF", "WEBP", "ICO", "SGI"]),
        ("RGBA", ["PNG", "BMP", "JPEG2000", "TIFF", "TGA", "AVIF", "WEBP", "ICO"]),
        ("LA", ["PNG", "JPEG2000", "TIFF", "TGA", "WEBP"]),
        ("PA", ["IM", "TIFF"]),
        ("CMYK", ["JPEG", "TIFF"]),
        ("YCbCr", ["JPEG", "IM"]),
        ("LAB", ["TIFF"]),
        ("I", ["PPM"]),
        ("I;16", ["PNG", "PPM", "TIFF", "JPEG2000"]),
        ("I;16B", ["PNG", "TIFF"]),
        ("I;16L", ["TIFF"]),
    ],
)
def test_every_mode_is_read_as_the_picture_that_it_shows(mode: str, kinds: list[str], wanted: str) -> None:
    expected = 255 * (RAMP > 127) if mode == "1" else RAMP
    for kind in kinds:
        pixels, found = read(saved(ramp(mode), kind, **{"lossless": True} if kind == "WEBP" else {}), mode=wanted)
        assert pixels.shape == (len(wanted), 16, 16)
        assert np.abs(pixels.astype(int) - expected).max() <= 3, kind
        assert found == (Found.DEEP if mode.startswith("I") else 0), kind


@pytest.mark.parametrize(("mode", "kind"), [("F", "TIFF"), ("F", "PPM"), ("I", "TIFF"), ("I", "IM"), ("I;16", "IM")])
def test_numbers_of_which_none_is_known_to_be_white_are_refused_by_name(mode: str, kind: str) -> None:
    with pytest.raises(DataFaultError, match=rf"it\.xyz holds numbers \(mode {mode}\) that do not say which is white"):
        read(saved(ramp(mode), kind))


def test_white_is_what_a_tiff_file_says() -> None:
    inverted = Image.fromarray((65535 - RAMP * 257).astype(np.uint16))
    twelve = b"".join(bytes([a >> 4, (a & 15) << 4 | b >> 8, b & 255]) for a, b in (RAMP * 16).reshape(-1, 2).tolist())
    fields = {256: 16, 257: 16, 258: 12, 259: 1, 262: 1, 273: 122, 277: 1, 278: 16, 279: len(twelve)}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in fields.items())
    header = struct.pack("<2sHIH", b"II", 42, 8, len(fields)) + entries + bytes(4)
    for content in (saved(inverted, "TIFF", tiffinfo={262: 0}), header.ljust(122, b"\0") + twelve):
        assert np.abs(read(content)[0].astype(int) - RAMP).max() <= 1


def test_of_16_bits_the_upper_8_are_read_whatever_the_colours() -> None:
    values = np.random.RandomState(0).randint(0, 65536, (16, 16, 4))
    opaque = np.concatenate([values[..., :3], np.full((16, 16, 1), 65535)], 2)
    upper = values >> 8
    assert np.array_equal(read(png(0, values[..., 0]))[0], [upper[..., 0]] * 3)
    assert np.array_equal(read(png(4, opaque[..., [0, 3]]))[0], [upper[..., 0]] * 3)
    assert np.array_equal(read(png(2, values[..., :3]))[0], upper[..., :3].transpose(2, 0, 1))
    assert np.array_equal(read(png(6, opaque))[0], upper[..., :3].transpose(2, 0, 1))


def test_one_colour_may_be_transparent() -> None:
    values = np.full((16, 16), 30_000)
    values[0, 0] = 30_001  # equal to the others in its upper bits
    pixels, found = read(png(0, values, struct.pack(">H", 30_001)))
    assert (pixels[0, 0, 0], pixels[0, 0, 1], found) == (255, 117, Found.DEEP | Found.TRANSPARENT)
    for image, key in ((ramp("L"), 8), (ramp("RGB"), (8, 8, 8)), (ramp("P"), ramp("P").getpixel((0, 0)))):
        pixels, found = read(saved(image, "PNG", transparency=key), "black")
        assert (pixels[:, 0, 0].tolist(), found) == ([0, 0, 0], Found.TRANSPARENT)
    with pytest.raises(DataFaultError, match=r"it\.xyz has a transparent colour of 48 bits"):
        read(png(2, np.zeros((16, 16, 3), np.int64), bytes(6)))


def test_a_palette_may_be_half_transparent() -> None:
    image = Image.new("P", (16, 16))
    image.putpalette([200, 100, 0, 10, 20, 30])
    image.putpixel((3, 0), 1)
    pixels, found = read(saved(image, "PNG", transparency=bytes([51, 255])))
    assert (pixels[:, 0, 0].tolist(), pixels[:, 0, 3].tolist()) == ([244, 224, 204], [10, 20, 30])
    assert found == Found.TRANSPARENT
    assert read(saved(image, "PNG", transparency=bytes([255, 255])))[1] == 0


@settings(max_examples=60, deadline=None)
@given(st.tuples(*[st.integers(0, 255)] * 4), st.sampled_from(["white", "grey", "black"]))
def test_transparent_pixels_are_laid_over_the_background(colour: tuple[int, ...], background: Background) -> None:
    image = Image.new("RGBA", (16, 16), colour)
    image.putpixel((0, 0), (1, 2, 3, 255))
    pixels, found = read(saved(image, "PNG"), background)
    level, share = {"white": 255, "grey": 128, "black": 0}[background], colour[3] / 255
    expected = np.array(colour[:3]) * share + level * (1 - share)
    assert np.abs(pixels[:, 1, 1] - expected).max() <= 1
    assert pixels[:, 0, 0].tolist() == [1, 2, 3]
    assert found == (Found.TRANSPARENT if colour[3] < 255 else 0)


def test_an_image_that_its_background_would_hide_is_refused_by_name() -> None:
    white = Image.new("RGBA", (16, 16), (255, 255, 255, 0))
    assert (read(saved(white, "PNG"))[0] == 255).all()  # blank, and meant so
    white.putpixel((1, 1), (255, 255, 255, 255))
    hidden = ramp("RGBA")
    hidden.putalpha(0)
    for image in (white, hidden):
        with pytest.raises(DataFaultError, match=r"it\.xyz: nothing of it shows over white, .* dataset\.args\.backgr"):
            read(saved(image, "PNG"))
    assert read(saved(white, "PNG"), "black")[0].max() == 255


def test_without_a_background_transparent_pixels_are_refused() -> None:
    with pytest.raises(DataFaultError, match=r"it\.xyz has transparent pixels, and the run's data states no colour"):
        read(saved(Image.new("RGBA", (16, 16)), "PNG"), None)
    assert read(saved(ramp("RGBA"), "PNG"), None)[1] == 0


@pytest.mark.parametrize("kind", ["GIF", "PNG", "TIFF", "WEBP", "AVIF"])
def test_of_several_pictures_the_first_is_read(kind: str) -> None:
    content = saved(ramp("RGB"), kind, save_all=True, append_images=[Image.new("RGB", (16, 16), "white")] * 2)
    pixels, found = read(content)
    assert np.abs(pixels.astype(int) - RAMP).max() <= 8
    assert found == Found.SEVERAL


@pytest.mark.parametrize("mode", ["L", "RGB", "I;16"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_images_are_rotated_by_their_orientation(mode: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    turns = [
        RAMP,
        RAMP[:, ::-1],
        RAMP[::-1, ::-1],
        RAMP[::-1],
        RAMP.T,
        RAMP.T[:, ::-1],
        RAMP.T[::-1, ::-1],
        RAMP.T[::-1],
    ]
    pixels, _ = read(saved(ramp(mode), "PNG", exif=exif.tobytes()))
    assert np.array_equal(pixels[0], turns[orientation - 1])


def test_files_that_cannot_be_read_are_refused_with_the_reason() -> None:
    huge = png(0, RAMP).replace(struct.pack(">II", 16, 16), struct.pack(">II", 40_000, 40_000))
    checked = huge[:29] + struct.pack(">I", zlib.crc32(huge[12:29])) + huge[33:]
    reasons = {
        b"": "it is empty",
        b"text": "it has no known format",
        png(0, RAMP)[:60]: "truncated|broken",
        checked: "decompression bomb",
    }
    for content, reason in reasons.items():
        with pytest.raises(DataFaultError, match=rf"cannot read it\.xyz as an image: .*({reason})"):
            read(content)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP"]), st.data())
def test_a_damaged_file_is_an_image_or_an_error_with_its_name(kind: str, data: st.DataObject) -> None:
    content = bytearray(saved(ramp("RGB"), kind))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        shape, said = read(bytes(content))[0].shape, ""
    except DataFaultError as error:
        shape, said = (), str(error)
    assert shape == (3, 16, 16) or "it.xyz" in said


def test_notices_name_the_first_files_and_count_the_others() -> None:
    found = np.array([Found.DEEP, 0, *[Found.TRANSPARENT | Found.SEVERAL] * 1200], np.uint8)
    paths = [Path(f"a/b/{k:04}.png") for k in reversed(range(len(found)))]
    assert told(found, paths, Path("a"), "grey") == [
        "transparent pixels were laid over grey (dataset.args.background): b/0000.png, b/0001.png, b/0002.png and "
        "1,197 more",
        "of several pictures in a file only the first was read: b/0000.png, b/0001.png, b/0002.png and 1,197 more",
        "of more than 8 bits a grey pixel the upper 8 were read: b/1201.png",
    ]
