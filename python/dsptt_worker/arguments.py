"""Arguments of our functions from a configuration, checked against the functions' annotations."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import get_type_hints

from .errors import ConfigFaultError


def check_arguments(what: str, function: Callable[..., object], arguments: dict[str, object]) -> None:
    """Checks arguments against the function's keyword-only parameters: their names, types and ranges.

    Raises:
        ConfigFaultError: an unknown name, or a value of a wrong type or out of range; it begins with ``what``.args.
    """
    import msgspec  # noqa: PLC0415 (networks are built where it is not installed, from checked configurations)

    known = [p.name for p in inspect.signature(function).parameters.values() if p.kind is p.KEYWORD_ONLY]
    types = get_type_hints(function, include_extras=True)
    for name, value in arguments.items():
        if name not in known:
            raise ConfigFaultError(f"{what}.args has no {name!r}; known: {', '.join(known) or 'none'}")
        try:
            msgspec.convert(value, types[name])
        except msgspec.ValidationError as error:
            raise ConfigFaultError(f"{what}.args.{name}: {error}, got {value!r}") from error
