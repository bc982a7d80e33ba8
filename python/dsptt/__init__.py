"""The ensembles of finished runs, for Python without Node and without the data::

    from dsptt import load_ensemble

    model = load_ensemble("runs/first")
    probabilities = model(images)  # raw, as the data set has them: [batch, channels, height, width], bytes or floats

Needs torch and safetensors alone. Start reading at ``loading.py``, then ``ensemble.py``.
"""

from __future__ import annotations

from dsptt_worker import __version__
from dsptt_worker.errors import ConfigFaultError, DataFaultError

from .ensemble import Ensemble, Normalisation
from .loading import load_ensemble

__all__ = ["ConfigFaultError", "DataFaultError", "Ensemble", "Normalisation", "__version__", "load_ensemble"]
