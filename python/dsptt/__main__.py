"""``python -m dsptt COMMAND``: the commands of ``dsptt`` that need Python after a run. Prints one line of JSON."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__" and sys.path[0] == os.getcwd():  # noqa: PTH109 (pathlib would import modules)
    # python -m puts the current folder first: a file in it must not be taken for a module of Python's own.
    sys.path.append(sys.path.pop(0))

import argparse
import json
import threading
import traceback
from pathlib import Path
from typing import TextIO

from dsptt_worker.errors import WorkerFaultError

MARK = "dsptt answers: "


def main(arguments: list[str] | None = None, answers: TextIO | None = None) -> int:
    """Executes the command line, and prints its answer to ``answers`` (by default standard output). Returns the exit
    status: 1 for an error, which is printed to standard error.

    With ``--for-node`` an error is an answer too, in JSON (code, message, traceback), an answer follows a mark, since
    the site's own modules may print before this program's first statement, and the process leaves when its standard
    input, a pipe, ends.
    """
    options = _parser().parse_args(arguments)
    if options.for_node and options.command != "track":  # "track" reads all of standard input itself
        threading.Thread(target=_leave_with_stdin, daemon=True).start()
    try:
        answer = json.dumps(_execute(options))
        print(f"\n{MARK}{answer}" if options.for_node else answer, file=answers)
    except (Exception, SystemExit) as error:  # every error is reported to the caller
        code = error.code if isinstance(error, WorkerFaultError) else "worker"
        message = str(error) if isinstance(error, WorkerFaultError) else f"{type(error).__name__}: {error}"
        if options.for_node:
            reported = json.dumps({"code": code, "message": message, "traceback": traceback.format_exc()})
            print(f"\n{MARK}{reported}", file=answers)
        else:
            print(f"error: {message}", file=sys.stderr)
        return 1
    return 0


def _answers_alone() -> TextIO:
    """Returns standard output, and leads what anything else prints there, such as a network, to standard error."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    return answers


def _execute(options: argparse.Namespace) -> object:
    from . import commands  # noqa: PLC0415 (torch takes seconds: after the command line is parsed)

    command = commands.COMMANDS[options.command]
    return command(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m dsptt", description="Use the ensemble of a finished run.")
    parser.add_argument("--for-node", action="store_true", help=argparse.SUPPRESS)
    commands = parser.add_subparsers(dest="command", required=True)
    predict = commands.add_parser("predict", help="predict samples, as a table")
    _add_source(predict)
    predict.add_argument("--input", type=Path, nargs="+", required=True)
    predict.add_argument("--out", type=Path, required=True)
    predict.add_argument("--batch", type=int, default=1000)
    predict.add_argument("--device", default="cpu")
    predict.add_argument("--resize", action="store_true")
    export = commands.add_parser("export", help="write the ensemble in another format")
    _add_source(export)
    export.add_argument("--to", choices=["onnx", "safetensors"], required=True)
    export.add_argument("--out", type=Path, required=True)
    track = commands.add_parser("track", help="send the run that standard input tells of to a tracker")
    track.add_argument("--to", choices=["tensorboard", "mlflow"], required=True)
    track.add_argument("--place", required=True)
    return parser


def _add_source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", type=Path)
    parser.add_argument("--ensemble")
    parser.add_argument("--member")
    parser.add_argument("--calibrated", action="store_true")
    parser.add_argument("--trust-code", action="store_true")


def _leave_with_stdin() -> None:
    while os.read(0, 1 << 16):
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(answers=_answers_alone()))
