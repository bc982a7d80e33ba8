"""JSON files that somebody may have damaged: what stands in them, checked as it is read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from dsptt_worker.errors import DataFaultError

Value = TypeVar("Value")


@dataclass(frozen=True)
class Document:
    """An object of a JSON file, with the place where it stands, for messages."""

    values: dict[str, object]
    place: str

    def take(self, key: str, kind: type[Value] | tuple[type[Value], ...]) -> Value:
        """The value of a key.

        Raises:
            DataFaultError: there is none, or one of another type.
        """
        value = self.values.get(key)
        if not isinstance(value, kind):
            raise DataFaultError(f"{self.place} is damaged: {key!r} is {value!r}")
        return value

    def maybe(self, key: str, kind: type[Value] | tuple[type[Value], ...]) -> Value | None:
        """The same of a key that may be null or missing."""
        return None if self.values.get(key) is None else self.take(key, kind)

    def object(self, key: str) -> Document:
        """The object under a key."""
        return Document(self.take(key, dict), f"{self.place}, {key}")

    def objects(self, key: str) -> list[Document]:
        """The objects in the list under a key."""
        return [Document(item, f"{self.place}, {key} {place}") for place, item in enumerate(self.list_of(key, dict))]

    def list_of(self, key: str, kind: type[Value] | tuple[type[Value], ...]) -> list[Value]:
        """The list under a key, of values of one type."""
        values = self.take(key, list)
        for value in values:
            if not isinstance(value, kind):
                raise DataFaultError(f"{self.place} is damaged: {key!r} has {value!r} in it")
        return values

    def numbers(self, key: str) -> list[float]:
        """The list of numbers under a key."""
        return [float(value) for value in self.list_of(key, (int, float))]

    def check_schema(self, known: int) -> None:
        """Make sure that the file is of the schema that this version reads.

        Raises:
            DataFaultError: it is not.
        """
        schema = self.take("schema", int)
        if schema > known:
            raise DataFaultError(
                f"{self.place} is of schema {schema}, this version of dsptt reads {known}: install a newer one"
            )
        if schema != known:
            raise DataFaultError(f"{self.place} is damaged: 'schema' is {schema}")


def read_document(path: Path, remedy: str = "", sha256: str | None = None) -> Document:
    """The object that a JSON file holds, whose bytes have that hash where one is given. ``remedy`` ends a message.

    Raises:
        DataFaultError: it cannot be read, is no JSON, or another file than was written.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataFaultError(f"cannot read {path}: {error.strerror}{remedy}") from error
    found = hashlib.sha256(content).hexdigest()
    if sha256 not in (None, found):
        raise DataFaultError(f"{path} is damaged: its sha256 is {found}, not {sha256}{remedy}")
    try:
        values = json.loads(content.decode())
    except ValueError as error:  # no UTF-8, or no JSON
        raise DataFaultError(f"{path} is damaged: it is no JSON ({error}){remedy}") from error
    if not isinstance(values, dict):
        raise DataFaultError(f"{path} is damaged: it holds no object{remedy}")
    return Document(values, str(path))
