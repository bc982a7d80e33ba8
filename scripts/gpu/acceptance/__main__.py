"""Run the acceptance: every step in turn, each with its own time-out and its result noted.

./accept OUT [--minutes 9] [--device cuda|cpu] [--smoke] [--steps NAMES]
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any, NoReturn

import running
from markdown import as_markdown
from outcome import (
    InterruptedBySignalError,
    OutOfTimeError,
    SkippedError,
    UnmetError,
)
from place import Place
from step import Step
from steps import STEPS

from report import Report, Result, Status, as_json, now, write

OLDEST = (3, 11)
FINISHING = 5  # seconds that writing and removing may take
PATIENCE = 3  # limits are for a GPU; a CPU, perhaps a busy one, gets so many times more


def main() -> int:
    """0 where no step failed or ran out of time, 1 where one did, 128 + N by signal N."""
    if sys.version_info < OLDEST:
        sys.exit(f"accept: {sys.executable} is too old: Python 3.11 or newer is needed")
    begun = time.monotonic()
    flags = _flags()
    pack = Path(__file__).resolve().parents[1]
    if not (pack / "pack.json").exists():
        sys.exit("accept: this is no unpacked pack: make one by scripts/gpu/pack first")
    out = Path(flags.out).resolve()
    (out / "logs").mkdir(parents=True, exist_ok=True)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _interrupt)
    work = Path(tempfile.mkdtemp(prefix="dsptt-gpu-"))
    ends = begun + 60 * flags.minutes - FINISHING
    place = Place(pack, out, work, flags.device, flags.smoke, ends)
    manifest = json.loads((pack / "pack.json").read_text())
    report = Report(manifest, flags.device, flags.smoke, flags.minutes, now())
    try:
        return _run_all(place, report, _chosen(flags.steps))
    finally:
        for child in place.background.values():
            running.end(child)
        shutil.rmtree(work, ignore_errors=True)


def _flags() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="accept", description=__doc__)
    parser.add_argument("out", help="folder for report.md, report.json and logs/")
    parser.add_argument("--minutes", type=_minutes, default=9.0, help="for all steps")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--smoke", action="store_true", help="tiny sizes: does it work")
    parser.add_argument("--steps", help="only these, separated by commas")
    return parser.parse_args()


def _minutes(text: str) -> float:
    value = float(text)
    if not 0 < value <= 600:
        raise argparse.ArgumentTypeError(f"must be above 0 and at most 600, got {text}")
    return value


def _chosen(names: str | None) -> list[Step]:
    """The steps asked for, and the set-up that all need."""
    if names is None:
        return list(STEPS)
    known = [step.name for step in STEPS]
    wanted = names.split(",")
    unknown = [name for name in wanted if name not in known]
    if unknown:
        sys.exit(f"accept: no step {', '.join(unknown)}; there are: {', '.join(known)}")
    return [step for step in STEPS if step.name in ("set-up", *wanted)]


def _interrupt(number: int, _frame: object) -> NoReturn:
    raise InterruptedBySignalError(number)


def _run_all(place: Place, report: Report, steps: list[Step]) -> int:
    try:
        for step in steps:
            report.begin(step.name)
            _write(place, report)
            result = _run_step(place, step)
            report.add(result)
            place.known[step.name] = result.details
            print(f"{step.name}: {result.status} ({result.seconds:.1f} s)", flush=True)
    except InterruptedBySignalError as interrupted:
        signal.signal(interrupted.number, signal.SIG_IGN)
        _note_interrupt(report, steps, signal.Signals(interrupted.number).name)
        return 128 + interrupted.number
    finally:
        report.ended = now()
        _write(place, report)
    return 0 if report.good else 1


def _note_interrupt(report: Report, steps: list[Step], name: str) -> None:
    noted = {result.name for result in report.steps}
    for step in steps:
        if step.name in noted:
            continue
        ran = step.name == report.running
        error = {"error": f"ended by {name}"} if ran else {"why": f"ended by {name}"}
        status: Status = "failed" if ran else "skipped"
        report.add(Result(step.name, step.shows, status, 0.0, error))


def _run_step(place: Place, step: Step) -> Result:
    begun = time.monotonic()
    status, details = _outcome(place, step)
    seconds = round(time.monotonic() - begun, 2)
    return Result(step.name, step.shows, status, seconds, details)


def _outcome(place: Place, step: Step) -> tuple[Status, dict[str, Any]]:
    """What is known is read however the step's child ended."""
    status: Status = "passed"
    details: dict[str, Any] = {}
    try:
        if place.left() <= 0:
            raise SkippedError("the minutes are over")
        limit = step.limit * (PATIENCE if place.device == "cpu" else 1)
        step.act(place, min(limit, place.left()))
    except SkippedError as skipped:
        return "skipped", {"why": str(skipped)}
    except OutOfTimeError as error:
        status, details = "timed out", {"error": str(error)}
    except UnmetError as error:
        status, details = "failed", {"error": str(error)}
    except Exception:  # noqa: BLE001 (a step that breaks must not stop the others)
        return "failed", {"error": traceback.format_exc()}
    try:
        return status, {**details, **step.read(place)}
    except SkippedError as skipped:
        return (
            ("skipped", {"why": str(skipped)})
            if status == "passed"
            else (status, details)
        )
    except UnmetError as error:
        known = error.args[1] if len(error.args) > 1 else {}
        details = {**known, "error": details.get("error", str(error.args[0]))}
    except Exception:  # noqa: BLE001 (nor one whose answer is no use)
        details.setdefault("error", traceback.format_exc())
    return ("failed" if status == "passed" else status), details


def _write(place: Place, report: Report) -> None:
    write(place.out / "report.json", as_json(report))
    write(place.out / "report.md", as_markdown(report))


sys.exit(main())
