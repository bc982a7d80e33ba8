"""Python's half of every seam between it and TypeScript, as one JSON document; ``test/seams`` compares the halves.

Standard input holds what TypeScript makes for Python: command lines, tracker lines, a run directory and votes.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec
import torch
from dsptt.__main__ import _parser
from dsptt.combining import RULES, combine
from dsptt.commands import Exported, Predicted
from dsptt.files import Document
from dsptt.model_card import model_card
from dsptt.source import read_source
from dsptt.tracking.stream import track
from dsptt_pool import words
from dsptt_worker import protocol
from dsptt_worker.hosting import hosted, script_objects
from dsptt_worker.protocol import message
from dsptt_worker.protocol.message import Request, Result
from dsptt_worker.serve.placed import Announcement

LIMITS = {
    "headerBytes": message.MAX_HEADER_BYTES,
    "headerDepth": message.MAX_HEADER_DEPTH,
    "frames": message.MAX_FRAMES,
    "frameBytes": message.MAX_FRAME_BYTES,
    "messageBytes": message.MAX_MESSAGE_BYTES,
    "nameLength": message.MAX_NAME_LENGTH,
    "dimensions": message.MAX_DIMENSIONS,
    "window": message.MAX_WINDOW,
    "steps": message.MAX_STEPS,
    "captures": message.MAX_CAPTURES,
    "points": message.MAX_POINTS,
    "members": message.MAX_MEMBERS,
    "threads": message.MAX_THREADS,
}


def schema(kind: object, *, every: bool = False) -> dict[str, Any]:
    """The JSON schema of a type; ``every`` field is required of what is encoded, since msgspec leaves none out."""
    said = msgspec.json.schema(kind, schema_hook=lambda _any: {"title": "any"})
    if every:
        for definition in said["$defs"].values():
            definition["required"] = list(definition["properties"])
    return said


def operations(table: Mapping[type[Request], type[Result]]) -> dict[str, object]:
    return {
        str(request.__struct_config__.tag): {
            "request": schema(request),
            "result": schema(result, every=True),
            "takes": request.takes,
            "gives": request.gives,
        }
        for request, result in table.items()
    }


def wire() -> dict[str, object]:
    return {
        "version": message.PROTOCOL_VERSION,
        "limits": LIMITS,
        "reply": schema(message.Ok | message.Error, every=True),
        "work": operations(protocol.WORK),
        "control": operations(protocol.CONTROL),
    }


def pythonia() -> dict[str, object]:
    answers = [hosted.Begun, hosted.Taken, script_objects.Found, script_objects.Plain]
    return {
        "requests": schema(
            hosted.Begin | hosted.HandOver | script_objects.ObjectRequest
        ),
        "error": schema(message.Failure, every=True),
        **{kind.__name__.lower(): schema(kind, every=True) for kind in answers},
    }


def pool() -> dict[str, object]:
    return {
        "lineBytes": words.MAX_LINE_BYTES,
        "asked": schema(words.Asked),
        "said": schema(words.Said, every=True),
        "announcement": schema(Announcement, every=True),
    }


def command_lines(given: Mapping[str, list[str]]) -> dict[str, object]:
    """Each command line as ``python -m dsptt`` understands it, and the options of its command with their choices."""
    parser = _parser()
    [commands] = [
        action
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
    ]
    return {
        name: {
            "parsed": {
                key: json.loads(json.dumps(value, default=str))
                for key, value in parsed.items()
            },
            "options": {
                option: None if action.choices is None else list(action.choices)
                for action in commands.choices[parsed["command"]]._actions
                for option in action.option_strings
            },
        }
        for name, parsed in (
            (name, vars(parser.parse_args(line))) for name, line in given.items()
        )
    }


@contextmanager
def reads(name: Callable[[str], str]) -> Iterator[dict[str, dict[str, object]]]:
    """The types that are demanded of JSON meanwhile, by place; ``name`` makes a place's name of the one in messages."""
    seen: dict[str, dict[str, object]] = {}
    take, maybe, list_of = Document.take, Document.maybe, Document.list_of

    def note(
        document: Document, key: str, kind: Any, *, optional: bool = False
    ) -> None:
        kinds = kind if isinstance(kind, tuple) else (kind,)
        known = seen.setdefault(
            name(f"{document.place}, {key}"), {"types": [one.__name__ for one in kinds]}
        )
        known["optional"] = optional or known.get("optional", False)

    def noted_take(self: Document, key: str, kind: Any) -> Any:
        note(self, key, kind)
        return take(self, key, kind)

    def noted_maybe(self: Document, key: str, kind: Any) -> Any:
        note(self, key, kind, optional=True)
        return maybe(self, key, kind)

    def noted_list(self: Document, key: str, kind: Any) -> Any:
        note(self, f"{key} 0", kind)
        return list_of(self, key, kind)

    with mock.patch.multiple(
        Document, take=noted_take, maybe=noted_maybe, list_of=noted_list
    ):
        yield seen


def documents(run: str) -> dict[str, dict[str, object]]:
    """The fields of a run's files that ``load_ensemble`` and the model card read."""
    with reads(
        lambda place: re.sub(r" \d+", "[]", Path(place).name).replace(", ", ".")
    ) as seen:
        source = read_source(run)
        for name in source.ensembles:
            model_card(source, source.choose(name))
    return seen


def tracker_lines(given: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """The fields that are read of each tracker line."""
    told: list[str] = []

    def lines() -> Iterator[str]:
        for name, line in given.items():
            told.append(name)
            yield json.dumps(line)

    def place(words: str) -> str:
        return (
            words.replace("a line of the run", told[-1])
            .replace(" 0", "[]")
            .replace(", ", ".")
        )

    with reads(place) as seen, mock.patch("dsptt.tracking.stream.sink_for"):
        track("tensorboard", "", lines())
    return seen


def votes(given: list[Mapping[str, Any]]) -> list[list[float]]:
    """The shares of each vote."""
    shares = []
    for vote in given:
        answers = torch.tensor(vote["members"]).reshape(
            len(vote["members"]), -1, vote["classes"]
        )
        parts = torch.tensor(vote["weights"])
        shares.append(
            combine(answers, parts / parts.sum(), vote["rule"]).flatten().tolist()
        )
    return shares


def places(run: str, given: list[Mapping[str, str]]) -> list[list[str]]:
    """The places at which a path of a run's configuration may lie."""
    source = read_source(run)
    return [
        [
            str(place)
            for place in replace(
                source,
                path=Path(case["run"]),
                made_in=(Path(case["folder"]), Path(case["before"])),
            ).places(case["stated"])
        ]
        for case in given
    ]


if __name__ == "__main__":
    given = json.load(sys.stdin)
    print(
        json.dumps(
            {
                "wire": wire(),
                "pythonia": pythonia(),
                "pool": pool(),
                "commands": command_lines(given["commands"]),
                "said": {
                    "predict": schema(Predicted),
                    "export": schema(Exported),
                },
                "documents": documents(given["run"]),
                "lines": tracker_lines(given["lines"]),
                "places": places(given["run"], given["places"]),
                "rules": RULES,
                "votes": votes(given["votes"]),
            }
        )
    )
