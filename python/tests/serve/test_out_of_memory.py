"""Impossible allocations: a typed error with sizes and remedies, and a worker that continues to serve."""

from __future__ import annotations

import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from builders import open_message
from session import Session
from test_server import OPEN, TRAIN, opened
from worker_process import Refused, WorkerProcess

from dsptt_worker.errors import ConfigFaultError, MemoryFaultError
from dsptt_worker.operations.out_of_memory import memory_fault

HUGE = {"name": "mlp", "args": {"hidden": [10**13]}}
MIB = 1 << 20


@contextmanager
def limited(pid: int, beyond: int) -> Iterator[None]:
    """Limits a process to ``beyond`` bytes of address space more than it has now."""
    has = re.search(r"^VmSize:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert has is not None
    before = resource.prlimit(pid, resource.RLIMIT_AS)
    resource.prlimit(pid, resource.RLIMIT_AS, (1024 * int(has[1]) + beyond, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_AS, before)


def refused(client: Any, op: str, tensors: dict[str, np.ndarray] | None = None, **fields: Any) -> Refused:
    with pytest.raises(Refused) as error:
        client.ask(op, tensors, **fields)
    return error.value


def test_a_network_that_no_memory_holds_is_refused_with_sizes_and_the_worker_goes_on(worker: WorkerProcess) -> None:
    client = worker.connect()
    error = refused(client, "open", **{**OPEN, "model": HUGE})
    assert error.code == "memory"
    assert re.search(
        r"^open: out of memory on the CPU, asked for 472\.9 TiB: [\d.]+ [MGT]iB are available, batchSize 30, "
        r"batchChunks 1$",
        str(error),
    ), str(error)
    assert "DefaultCPUAllocator" in error.traceback
    assert client.ask("open", **OPEN)["stepsPerEpoch"] == 3


def test_a_batch_that_does_not_fit_is_refused_and_what_the_message_advises_helps(worker: WorkerProcess) -> None:
    client = opened(worker)
    wide = {**OPEN, "model": {"name": "mlp", "args": {"hidden": [200_000]}}, "batchSize": 0}
    steps = {"lr": np.array([0.01]), "noise": np.empty(0)}

    def descend(**changes: Any) -> Any:
        client.ask("open", **{**wide, **changes})
        client.ask("newPoint", point="a", stream="init")
        with limited(worker.process.pid, 60 * MIB):  # a layer's outputs for the whole batch take 69 MiB
            return client.answer(client.send("descend", steps, **TRAIN))[1]["loss"]

    with pytest.raises(Refused) as error:
        descend()
    assert error.value.code == "memory"
    assert "descend: out of memory on the CPU, asked for 68.66 MiB" in str(error.value)
    assert re.search(r"this process is limited to [\d.]+ [MGT]iB, batchSize full, batchChunks 1", str(error.value))
    assert client.ask("probe", point="a", stream="s", batches=1)["loss"] > 0, "the worker and its point are whole"
    assert np.isfinite(descend(batchChunks=30)).all()


def test_memory_that_runs_out_within_a_network_is_no_fault_of_the_configuration() -> None:
    session = Session()
    with pytest.raises(MemoryFaultError, match="open: out of memory on the CPU") as error:
        session.handlers.handle(open_message(model_args={"hidden": [10**13]}), {}, lambda: None)
    wrapped = ConfigFaultError("model 'mlp' cannot take inputs")
    wrapped.__cause__ = error.value.__cause__
    fault = memory_fault(wrapped, "open", None)
    assert str(fault).startswith("open: out of memory on the CPU, asked for 472.9 TiB")
    assert "batchSize 30" not in str(fault)


def test_numpys_shortage_is_one_too() -> None:
    with pytest.raises(MemoryError) as error:
        np.empty(1 << 60, np.uint8)
    assert "targets: out of memory on the CPU, asked for 1.00 EiB" in str(memory_fault(error.value, "targets", None))


CUDA_SAYINGS = {
    "torch": (
        torch.OutOfMemoryError(
            "CUDA out of memory. Tried to allocate 20.00 GiB. GPU 3 has a total capacity of 79.10 GiB of which 1.50 "
            "GiB is free."
        ),
        "on cuda:3, asked for 20.00 GiB: 1.5 GiB of 79 GiB are free, 70 GiB are this worker's tensors",
    ),
    "cublas": (
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        "on cuda:0: 1.5 GiB of 79 GiB are free",
    ),
    "cudnn": (RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"), "on cuda:0: 1.5 GiB"),
    "driver": (RuntimeError("CUDA error: out of memory"), "on cuda:0: 1.5 GiB"),
}


@pytest.mark.parametrize(("error", "words"), CUDA_SAYINGS.values(), ids=CUDA_SAYINGS)
def test_what_cuda_says_is_told_with_what_the_device_has(
    monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 0)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (3 << 29, 79 << 30))
    monkeypatch.setattr(torch.cuda, "memory_allocated", lambda device: 70 << 30)
    assert words in str(memory_fault(error, "descend", open_message(batchChunks=3)))
    assert "batchSize 30, batchChunks 3" in str(memory_fault(error, "descend", open_message(batchChunks=3)))


@pytest.mark.parametrize("error", [RuntimeError("shapes differ"), ValueError("out of memory"), OSError(12, "no")])
def test_other_errors_are_none(error: Exception) -> None:
    assert memory_fault(error, "descend", None) is None
