"""The first exchange of a client and a worker."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

import msgspec
import numpy as np
import safetensors
import torch
import zmq

from .. import __version__, protocol
from ..data import DATASETS
from ..errors import ProtocolFaultError
from ..models import MODELS
from ..protocol import message


def greeting(request: protocol.Hello, worker: str) -> protocol.HelloResult:
    """Answers a ``hello`` with the worker's name, version and abilities.

    Raises:
        ProtocolFaultError: the client speaks another version of the protocol.
    """
    if request.protocol != message.PROTOCOL_VERSION:
        raise ProtocolFaultError(
            f"the client speaks protocol {request.protocol}, this worker (dsptt_worker {__version__}) "
            f"{message.PROTOCOL_VERSION}: install the same version of both"
        )
    versions = {
        "dspttWorker": __version__,
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "numpy": np.__version__,
        "pyzmq": zmq.__version__,
        "msgspec": msgspec.__version__,
        "safetensors": safetensors.__version__,
        "processor": _processor(),
    }
    return protocol.HelloResult(
        protocol=message.PROTOCOL_VERSION,
        worker=worker,
        versions=versions,
        devices=["cpu", *(f"cuda:{index}" for index in range(torch.cuda.device_count()))],
        datasets=list(DATASETS),
        models=list(MODELS),
        pid=os.getpid(),
    )


def _processor() -> str:
    """Returns the processor's model and the instructions that PyTorch uses on it: both decide how sums are rounded."""
    try:
        told = re.search(r"^(?:model name|CPU part)\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        told = None
    model = told[1] if told else platform.processor()
    return f"{model or platform.machine()} ({torch.backends.cpu.get_cpu_capability()})"
