"""The catalogue of networks: built-in ones, and those of the zoos that can be listed.

To add a zoo: a function that returns its entries, and a line in ``ZOOS``.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from ..errors import ConfigFaultError
from ..protocol import ModelSpec


@dataclass(frozen=True)
class Entry:
    """A network's usual name, and the model of a configuration that builds it for a number of classes."""

    name: str
    model: Callable[[int], ModelSpec]


def entries(zoo: str | None) -> list[Entry]:
    """Lists a zoo's networks for images; the built-in networks if ``zoo`` is None.

    Raises:
        ConfigFaultError: an unknown zoo, or one that is not installed.
    """
    if zoo is None:
        return [Entry(name, _always(ModelSpec(model, dict(arguments)))) for name, (model, arguments) in OURS.items()]
    if zoo not in ZOOS:
        raise ConfigFaultError(f"unknown zoo {zoo!r}; known: {', '.join(ZOOS)}")
    return ZOOS[zoo]()


def _always(spec: ModelSpec) -> Callable[[int], ModelSpec]:
    return lambda _classes: spec


OURS: dict[str, tuple[str, dict[str, object]]] = {
    "conv": ("conv", {}),
    "MLP": ("mlp", {}),
    "VGG-16": ("vgg", {}),
    "VGG-16-BN": ("vgg", {"batchNorm": True}),
    **{f"PreResNet-{depth}": ("preresnet", {"depth": depth}) for depth in (20, 56, 110, 164)},
    "DenseNet-BC-100 (k=12)": ("densenet", {}),
}


def _pytorchcv() -> list[Entry]:
    """Lists the networks for CIFAR: the provider has them once for each data set, and any of them accepts the number of
    classes."""
    provider = _installed("pytorchcv", "pytorchcv.model_provider")
    names = [name for name, value in vars(provider).items() if name.endswith("_cifar10") and callable(value)]
    return [
        Entry(name.removesuffix("_cifar10"), _always(ModelSpec(python=f"pytorchcv.model_provider:{name}")))
        for name in sorted(names)
    ]


def _timm() -> list[Entry]:
    timm = _installed("timm", "timm")
    return [_of_factory(name, "timm:create_model", "model_name") for name in timm.list_models()]


def _torchvision() -> list[Entry]:
    models = _installed("torchvision", "torchvision.models")
    return [_of_factory(name, "torchvision.models:get_model", "name") for name in models.list_models(module=models)]


def _of_factory(name: str, factory: str, parameter: str) -> Entry:
    """Describes a network that a factory builds by name; the parameter for the number of classes must be named, because
    the factory takes ``**kwargs``."""
    return Entry(name, lambda classes: ModelSpec(python=factory, args={parameter: name, "num_classes": classes}))


def _installed(package: str, module: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        missing = (error.name or package).partition(".")[0]
        what = f"zoo {package!r} is not installed" if missing == package else f"zoo {package!r} needs {missing!r}"
        raise ConfigFaultError(f"{what}: {sys.executable} -m pip install {missing}") from error
    except Exception as error:  # such as a torchvision that was built for another torch
        raise ConfigFaultError(f"importing {module} failed: {type(error).__name__}: {error}") from error


ZOOS: dict[str, Callable[[], list[Entry]]] = {"pytorchcv": _pytorchcv, "timm": _timm, "torchvision": _torchvision}
