"""Loading of an ensemble from a directory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from torch import nn

from .ensemble import Ensemble
from .networks import load_networks
from .source import Chosen, Source, read_source


def load_ensemble(
    directory: str | Path,
    *,
    ensemble: str | None = None,
    member: str | None = None,
    calibrated: bool = False,
    trust_code: bool = False,
    build: Callable[[], nn.Module] | None = None,
) -> Ensemble:
    """Loads the ensemble of a finished run, or of a folder that was exported as safetensors, on the CPU in evaluation
    mode.

    It takes **raw** inputs, as the data set has them: [batch, channels, height, width] pixels from 0 to 255 (uint8 or
    float32; digits: 0 to 16), or [batch, features] numbers in their own units; the run's normalisation is a part of it.
    A table's large numbers, such as Unix times, come as float64: 32 bits would not hold them.

    ``ensemble``: another than the run's own result, by its name in result.json. ``member``: one network alone.
    ``calibrated``: apply the temperature that the run fitted to the ensemble's probabilities on validation samples.
    ``trust_code``: import the Python function that the directory names as its model; read it before. ``build``: builds
    the untrained network instead; required if a script had handed the network over.

    Raises:
        ConfigFaultError: no such ensemble or member, no temperature of it, or a network that cannot be built.
        DataFaultError: no finished run, a damaged one, or one of a newer version.
    """
    source = read_source(directory)
    return assemble(source, source.choose(ensemble, member, calibrated=calibrated), trust_code=trust_code, build=build)


def assemble(
    source: Source, chosen: Chosen, *, trust_code: bool = False, build: Callable[[], nn.Module] | None = None
) -> Ensemble:
    """Builds the module of an ensemble chosen from a directory."""
    files = [source.members[name] for name in chosen.members]
    networks = load_networks(source, files, build, trust_code=trust_code)
    temperature = chosen.temperature if chosen.calibrated else None
    return Ensemble(networks, chosen.members, source.samples, chosen.rule, chosen.weights, temperature)
