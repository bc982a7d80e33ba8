"""Measures the machine's best speed and the work of a training step, to which measured times are compared.

Reads one JSON command a line on standard input, and answers each with one JSON line.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable

import torch
from networks import build, load_images
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import FlopCounterMode

SIDE = 2048
COPIED = 1 << 26
ROUNDS = 7


class BytesMoved(TorchDispatchMode):
    """Sums the bytes that operations read and write, each tensor whole; views move nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.total = 0

    def __torch_dispatch__(
        self,
        func: Callable[..., object],
        types: Iterable[type],
        args: tuple[object, ...] = (),
        kwargs: dict[str, object] | None = None,
    ) -> object:
        result = func(*args, **(kwargs or {}))
        given, made = _tensors((args, kwargs)), _tensors(result)
        before = {tensor.untyped_storage().data_ptr() for tensor in given}
        is_view = func.is_view or not made
        if not is_view:
            self.total += sum(tensor.nbytes for tensor in given)
            self.total += sum(
                t.nbytes
                for t in made
                if t.untyped_storage().data_ptr() not in before
                or func._schema.is_mutable
            )
        return result


def _tensors(tree: object) -> list[Tensor]:
    return [leaf for leaf in tree_leaves(tree) if isinstance(leaf, Tensor)]


def peak(device: str) -> dict[str, float]:
    """Returns the highest GFLOP/s of a matrix product, and GB/s of a copy (read and written), in float32."""
    torch.set_num_threads(1)
    a, b = (torch.randn(SIDE, SIDE, device=device) for _ in range(2))
    source = torch.ones(COPIED, device=device)
    target = torch.empty_like(source)
    product = _best(lambda: torch.mm(a, b), device)
    copy = _best(lambda: target.copy_(source), device)
    return {
        "gflops": 2 * SIDE**3 / product / 1e9,
        "gbps": 2 * source.nbytes / copy / 1e9,
    }


def _best(work: Callable[[], object], device: str) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        if device.startswith("cuda"):
            torch.cuda.synchronize()
        times.append(time.perf_counter() - start)
    return min(times)


def step(
    dataset: dict[str, object], model: dict[str, object], batch_size: int
) -> dict[str, float]:
    """Returns GFLOP of a training step's forward and backward pass, and GB that its operations read and write."""
    images = load_images(dataset)
    net = build(model, images).train()
    pixels = torch.from_numpy(images.pixels[:batch_size]).float()
    inputs = pixels[:, None] if pixels.ndim == 3 else pixels.permute(0, 3, 1, 2)
    targets = torch.tensor(images.labels[:batch_size])
    with FlopCounterMode(display=False) as flops:
        cross_entropy(net(inputs.contiguous()), targets).backward()
    with BytesMoved() as moved:
        cross_entropy(net(inputs.contiguous()), targets).backward()
    return {"gflop": flops.get_total_flops() / 1e9, "gb": moved.total / 1e9}


def main() -> None:
    """Serves commands until standard input ends."""
    for line in sys.stdin:
        command = json.loads(line)
        if command["do"] == "peak":
            answer = peak(command["device"])
        else:
            answer = step(command["dataset"], command["model"], command["batchSize"])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
