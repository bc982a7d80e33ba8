"""Files and folders that are there whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dsptt_worker.errors import ConfigFaultError, DataFaultError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name, then give it its own; the folder it lies in is made.

    Raises:
        DataFaultError: the system does not let us.
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
        with suppress(OSError):  # where there can be none either
            part.unlink()
        why = (
            "Not a directory" if isinstance(error, FileExistsError) else error.strerror
        )  # a file in the folder's place
        raise DataFaultError(f"cannot write {path}: {why}") from error


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to fill, which gets its own name when it is full, and is removed where that fails.

    Raises:
        ConfigFaultError: there is something under its name.
        DataFaultError: the system does not let us.
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
