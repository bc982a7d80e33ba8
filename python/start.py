"""``python start.py PACKAGE ARGUMENTS`` runs a package of this folder like ``python -m PACKAGE ARGUMENTS``.

But the current folder is not on Python's path: no file there is executed, or taken for a module of Python's own.
Python's option ``-P`` does the same, from Python 3.11 on.
"""

import os
import runpy
import sys

if __name__ == "__main__":
    folder = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 (pathlib takes longer than all else here)
    if folder not in sys.path:  # PYTHONSAFEPATH leaves it out
        sys.path.insert(0, folder)
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
