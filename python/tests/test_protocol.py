from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from dsptt_worker import errors, protocol
from dsptt_worker.serve.handlers import _HANDLERS


def family(kind: type[errors.WorkerFaultError]) -> Iterator[type[errors.WorkerFaultError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from family(below)


def test_every_error_code_is_that_of_one_error_and_the_other_way_round() -> None:
    assert sorted(fault.code for fault in family(errors.WorkerFaultError)) == sorted(get_args(errors.Code))


def test_the_worker_names_no_npm_command_and_no_flag_but_its_own() -> None:
    package = Path(errors.__file__).parent
    named = {
        word for file in package.rglob("*.py") for word in re.findall(r"\bnp[mx] \w+|--[a-z][a-z-]*", file.read_text())
    }
    assert named == {"--keys", "--listen", "--client-key", "--leave-after", "--until-stdin-ends"}


def test_every_operation_on_the_work_socket_has_a_handler() -> None:
    assert _HANDLERS.keys() == protocol.WORK.keys()
