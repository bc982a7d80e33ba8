"""Networks by name. To add one: a file beside this one with a ``build`` function, and a line in ``MODELS``.

``build(inputs, outputs, **arguments)`` gets one sample's shape and the number of outputs (one a class, or one predicted
number), and returns a module that maps [batch, *inputs] to [batch, outputs].
"""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from . import conv, densenet, mlp, preresnet, vgg

MODELS: dict[str, Callable[..., nn.Module]] = {
    "conv": conv.build,
    "mlp": mlp.build,
    "densenet": densenet.build,
    "preresnet": preresnet.build,
    "vgg": vgg.build,
}
