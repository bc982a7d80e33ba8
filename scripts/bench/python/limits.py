"""Measures the lower limit of a training loop on this CPU.

Prints CPU milliseconds of a forward and a backward pass alone, with images and weights in rows, with images' channels
last, and with weights' channels last as well. CPU time, not wall time, so that other work on the machine hardly counts:
``python scripts/bench/python/limits.py``, with the worker's package on PYTHONPATH.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable

import torch
from networks import build, load_images
from torch.nn.functional import cross_entropy

SMALL = {"train": 1500, "validation": 500, "test": 500, "side": 16}
CIFAR = {"name": "cifar10-sample", "args": SMALL}
STAGES = [[16, 16], [32, 32], [64, 64]]
NETWORKS = {
    "digits": (
        {"name": "digits", "args": {"shift": 1}},
        {"name": "conv", "args": {}},
        50,
    ),
    "resnet20": (
        CIFAR,
        {"name": "preresnet", "args": {"depth": 20, "width": 16}},
        64,
    ),
    "vgg": (
        CIFAR,
        {
            "name": "vgg",
            "args": {"stages": STAGES, "hidden": [128], "dropout": 0},
        },
        64,
    ),
}
LAYOUTS = ("rows", "images channels last", "weights too")
ROUNDS = 9
STEPS = {"digits": 60, "resnet20": 5, "vgg": 15}
SHOWN = 8  # operations of a profile


def main() -> None:
    """Prints the median of rounds taken in turn, or a profile."""
    torch.set_num_threads(1)
    for name in NETWORKS:
        if "--profile" in sys.argv[1:]:
            print(json.dumps({"network": name, "% of a step": profile(name)}))
            continue
        rounds = [measure(name) for _ in range(ROUNDS)][1:]
        medians = {
            layout: round(statistics.median(times[layout] for times in rounds), 2)
            for layout in LAYOUTS
        }
        print(json.dumps({"network": name, "CPU ms a step": medians}))


def measure(name: str) -> dict[str, float]:
    """Returns CPU milliseconds a step in each layout."""
    times = {}
    for layout in LAYOUTS:
        step = step_of(name, layout)
        step()
        start = time.process_time()
        for _ in range(STEPS[name]):
            step()
        times[layout] = 1000 * (time.process_time() - start) / STEPS[name]
    return times


def profile(name: str) -> dict[str, float]:
    """Returns the operations that take most of a step, and their percentages of it."""
    step = step_of(name, LAYOUTS[-1])
    step()
    with torch.profiler.profile(
        activities=[torch.profiler.ProfilerActivity.CPU]
    ) as profiled:
        for _ in range(STEPS[name]):
            step()
    taken = {event.key: event.self_cpu_time_total for event in profiled.key_averages()}
    whole = sum(taken.values())
    most = sorted(taken.items(), key=lambda entry: -entry[1])[:SHOWN]
    return {operation: round(100 * time / whole, 1) for operation, time in most}


def step_of(name: str, layout: str) -> Callable[[], None]:
    """Returns a function that performs a forward and a backward pass on one batch."""
    dataset, model, batch = NETWORKS[name]
    images = load_images(dataset)
    pixels = torch.from_numpy(images.pixels[:batch]).float()
    inputs = pixels[:, None] if pixels.ndim == 3 else pixels.permute(0, 3, 1, 2)
    inputs = inputs.contiguous()
    targets = torch.tensor(images.labels[:batch])
    net = build(model, images).train()
    if layout != "rows":
        inputs = inputs.contiguous(memory_format=torch.channels_last)
    if layout == "weights too":
        net = net.to(memory_format=torch.channels_last)
    return lambda: cross_entropy(net(inputs), targets).backward()


if __name__ == "__main__":
    main()
