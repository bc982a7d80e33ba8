"""A point from the file of a network that was trained elsewhere."""

from __future__ import annotations

from ..errors import ConfigFaultError, DataFaultError
from ..network.flat import FlatNetwork, Point
from ..network.weights import from_safetensors
from .fitting_weights import fitting_state
from .weights_file import is_of_torch, weights_in


def given_point(net: FlatNetwork, content: bytes) -> Point:
    """Reads the point whose ``state_dict`` a file holds, in all forms that ``model.weights`` may have.

    Raises:
        DataFaultError: not such a file, or one of another network.
    """
    if is_of_torch(content):
        return _fitting(net, content, is_safetensors=False)
    try:
        return from_safetensors(net, content)
    except DataFaultError as error:
        try:
            return _fitting(net, content, is_safetensors=True)
        except DataFaultError:
            raise error from None  # it names the first tensor that differs


def _fitting(net: FlatNetwork, content: bytes, *, is_safetensors: bool) -> Point:
    try:
        found = weights_in(content, "of the given file", is_safetensors=is_safetensors)
        net.module.load_state_dict(fitting_state(found, net.module, "the network"))
    except ConfigFaultError as error:
        raise DataFaultError(f"{error}") from error
    return net.point()
