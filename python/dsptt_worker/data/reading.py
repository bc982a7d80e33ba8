"""The data set that a request names: one of ours, or one that a function of the user's returns."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING

from ..arguments import check_arguments
from ..errors import ConfigFaultError, DataFaultError
from . import DATASETS
from .dataset import Dataset
from .given.own_function import from_function

if TYPE_CHECKING:
    from ..protocol import DatasetSpec


def read_dataset(spec: DatasetSpec, modules: str | None = None) -> Dataset:
    """Reads a data set; a module that it names is searched for in the folder ``modules`` last.

    Raises:
        ConfigFaultError: an unknown name, a wrong argument, or a function that cannot be used.
        DataFaultError: data that cannot be read.
    """
    if (spec.name is None) == (spec.python is None):
        raise ConfigFaultError(
            "dataset needs a name or a python function, one of the two: "
            f"got name {spec.name!r} and python {spec.python!r}"
        )
    if spec.dir is not None and not Path(spec.dir).is_dir():
        raise DataFaultError(f"the data directory {spec.dir} does not exist")
    if spec.python is not None:
        return from_function(spec.python, spec.args, spec.dir, Path(modules or ""))
    if spec.name not in DATASETS:
        raise ConfigFaultError(f"unknown dataset {spec.name!r}; known: {', '.join(DATASETS)}")
    load = DATASETS[spec.name]
    arguments = dict(spec.args)
    if spec.dir is not None:
        if "dir" not in inspect.signature(load).parameters:
            raise ConfigFaultError(f"dataset {spec.name!r} is built in and reads no data directory, got {spec.dir}")
        arguments["dir"] = spec.dir
    check_arguments("dataset", load, arguments)
    return load(**arguments)
