"""Questions about a Python: ``python probe.py missing MODULE...`` names the modules that it does not find, ``python
probe.py versions PACKAGE...`` the versions of packages, null for those that are not installed; both its own version.

It runs on any Python, 2.7 included, so that an old one can state its version, and imports nothing that is slow. Its
answer stands on a line of its own, after a mark: a program that stands for Python may print more.
"""

import json
import sys


def missing(names):
    if sys.version_info < (3, 4):  # noqa: UP036
        return []
    from importlib.util import find_spec  # noqa: PLC0415 (Python 2 has none)

    return [name for name in names if find_spec(name) is None]


def versions(names):
    if sys.version_info < (3, 8):  # noqa: UP036
        return dict.fromkeys(names)
    from importlib import metadata  # noqa: PLC0415 (Python 3.7 has none)

    found = {name: list(metadata.Distribution.discover(name=name)) for name in names}
    return {name: those[0].version if those else None for name, those in found.items()}


if __name__ == "__main__":
    question, names = sys.argv[1], sys.argv[2:]
    answers = {"missing": missing, "versions": versions}
    answer = {"version": list(sys.version_info[:3]), question: answers[question](names)}
    print("\ndsptt answers: " + json.dumps(answer))
