"""Out-of-memory errors: recognised in every form in which a device reports them, and described with sizes."""

from __future__ import annotations

import re
import resource
from collections.abc import Iterator
from pathlib import Path

import torch

from ..errors import MemoryFaultError
from ..protocol import Open

_CPU = re.compile(r"(?:can't allocate memory|not enough memory): you tried to allocate (\d+) bytes")
_CUDA = ("CUDA error: out of memory", "CUBLAS_STATUS_ALLOC_FAILED", "CUDNN_STATUS_ALLOC_FAILED")
_ASKED = re.compile(r"(?:Tried|Unable) to allocate ([\d.]+ \w+)")


def memory_fault(error: BaseException, op: str, spec: Open | None) -> MemoryFaultError | None:
    """Describes for the client an error that means, or was caused by, exhausted memory; None for any other error.

    ``spec`` is the request that opened the task, if one is open.
    """
    for cause in _causes(error):
        shortage = _on_cuda(cause) if _is_cuda(cause) else _on_cpu(cause)
        if shortage is not None:
            batch = "" if spec is None else f", batchSize {spec.batchSize or 'full'}, batchChunks {spec.batchChunks}"
            return MemoryFaultError(f"{op}: out of memory on {shortage}{batch}")
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _is_cuda(error: BaseException) -> bool:
    said = isinstance(error, RuntimeError) and any(words in str(error) for words in _CUDA)
    return said or isinstance(error, torch.OutOfMemoryError)


def _on_cuda(error: BaseException) -> str:
    named = re.search(r"GPU (\d+)", str(error))
    try:
        device = int(named[1]) if named else torch.cuda.current_device()
        free, total = torch.cuda.mem_get_info(device)
        own = torch.cuda.memory_allocated(device)
    except (RuntimeError, AssertionError):  # a device that does not start at all
        return f"the CUDA device{_asked(error)}"
    there = f"{_size(free)} of {_size(total)} are free, {_size(own)} are this worker's tensors"
    return f"cuda:{device}{_asked(error)}: {there}"


def _on_cpu(error: BaseException) -> str | None:
    bytes_asked = _CPU.search(str(error)) if isinstance(error, RuntimeError) else None
    if bytes_asked is None and not isinstance(error, MemoryError):
        return None
    asked = _asked(error) if bytes_asked is None else f", asked for {_size(int(bytes_asked[1]))}"
    return f"the CPU{asked}{_available()}"


def _asked(error: BaseException) -> str:
    asked = _ASKED.search(str(error))
    return "" if asked is None else f", asked for {asked[1]}"


def _available() -> str:
    """Describes the machine's free memory, if it is known, and the limit of the process, if there is one."""
    told = Path("/proc/meminfo")
    found = re.search(r"^MemAvailable: +(\d+) kB", told.read_text() if told.exists() else "", re.MULTILINE)
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    available = "" if found is None else f": {_size(1024 * int(found[1]))} are available"
    return available + ("" if limit == resource.RLIM_INFINITY else f", and this process is limited to {_size(limit)}")


def _size(count: float) -> str:
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.4g} {unit}"
        count /= 1024
    return f"{count:.4g} TiB"
