"""Files and folders that are written whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dsptt_worker.errors import ConfigFaultError, DataFaultError


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file under a temporary name, then renames it; creates its folder.

    Raises:
        DataFaultError: the file cannot be written.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):  # without a folder there is no such file either
            part.unlink()
        # FileExistsError: a file stands in the folder's place
        why = "Not a directory" if isinstance(error, FileExistsError) else error.strerror
        raise DataFaultError(f"cannot write {path}: {why}") from error


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Creates a folder to fill, which gets its own name when it is complete, and is removed on failure.

    Raises:
        ConfigFaultError: the name is taken.
        DataFaultError: the folder cannot be written.
    """
    if path.exists():
        raise ConfigFaultError(f"{path} exists already: name another directory, or remove it")
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.mkdir(parents=True)
        yield part
        part.rename(path)
    except OSError as error:
        raise DataFaultError(f"cannot write {path}: {error.strerror}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
