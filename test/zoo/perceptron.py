"""A network of a user's own. It prints which object runs."""

import sys

from torch import nn


class Perceptron(nn.Module):
    def __init__(self, inputs, classes):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(inputs, 8), nn.Tanh(), nn.Linear(8, classes)
        )

    def forward(self, x):
        print(f"forward of {id(self)}")
        return self.layers(x)


def broken(depth):
    """Raises."""
    raise ValueError(f"no network is {depth} layers deep")


def leave():
    """What a library may do that finds nothing to work with."""
    sys.exit("no licence")
