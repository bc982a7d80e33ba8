"""JSON files that may be damaged: their values are checked as they are read."""

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
    """An object of a JSON file, with its position there, for messages."""

    values: dict[str, object]
    place: str

    def take(self, key: str, kind: type[Value] | tuple[type[Value], ...]) -> Value:
        """Returns the value of a key.

        Raises:
            DataFaultError: there is none, or one of another type.
        """
        value = self.values.get(key)
        if not isinstance(value, kind):
            raise DataFaultError(f"{self.place} is damaged: {key!r} is {value!r}")
        return value

    def maybe(self, key: str, kind: type[Value] | tuple[type[Value], ...]) -> Value | None:
        """Returns the value of a key, like ``take``; None if it is null or missing."""
        return None if self.values.get(key) is None else self.take(key, kind)

    def object(self, key: str) -> Document:
        """Returns the object under a key."""
        return Document(self.take(key, dict), f"{self.place}, {key}")

    def objects(self, key: str) -> list[Document]:
        """Returns the objects in the list under a key."""
        return [Document(item, f"{self.place}, {key} {place}") for place, item in enumerate(self.list_of(key, dict))]

    def list_of(self, key: str, kind: type[Value] | tuple[type[Value], ...]) -> list[Value]:
        """Returns the list under a key, of values of one type."""
        values = self.take(key, list)
        for value in values:
            if not isinstance(value, kind):
                raise DataFaultError(f"{self.place} is damaged: {key!r} has {value!r} in it")
        return values

    def texts(self, key: str) -> dict[str, str]:
        """Returns the texts by name under a key; none if it is missing."""
        values = self.maybe(key, dict) or {}
        for name, value in values.items():
            if not isinstance(value, str):
                raise DataFaultError(f"{self.place} is damaged: {key!r} has {value!r} for {name!r}")
        return values

    def numbers(self, key: str) -> list[float]:
        """Returns the list of numbers under a key."""
        return [float(value) for value in self.list_of(key, (int, float))]

    def check_schema(self, known: int) -> None:
        """Checks that the file has the schema that this version reads.

        Raises:
            DataFaultError: it has another schema.
        """
        schema = self.take("schema", int)
        if schema > known:
            raise DataFaultError(
                f"{self.place} is of schema {schema}, this version of dsptt reads {known}: install a newer one"
            )
        if schema != known:
            raise DataFaultError(f"{self.place} is damaged: 'schema' is {schema}")


def read_document(path: Path, remedy: str = "", sha256: str | None = None) -> Document:
    """Reads the object in a JSON file, and checks the file's hash if one is given. ``remedy`` ends a message.

    Raises:
        DataFaultError: the file cannot be read, is not JSON, or has another hash.
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
    except ValueError as error:  # not UTF-8, or not JSON
        raise DataFaultError(f"{path} is damaged: it is no JSON ({error}){remedy}") from error
    if not isinstance(values, dict):
        raise DataFaultError(f"{path} is damaged: it holds no object{remedy}")
    return Document(values, str(path))
