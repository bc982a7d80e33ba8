"""Training data that stay on the host: the same batches, in little memory, gathered while the step before runs."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from builders import SEED, descend, digits_task, never, new_point, open_message, same_state, wine_task
from hypothesis import given, settings
from hypothesis import strategies as st
from tape import TapeCapture

from dsptt_worker.data import DATASETS, Dataset, Split
from dsptt_worker.errors import ConfigFaultError
from dsptt_worker.operations import evaluation
from dsptt_worker.operations.memory import open_meter
from dsptt_worker.steps import placing
from dsptt_worker.steps.batches import Batches
from dsptt_worker.steps.placing import placed
from dsptt_worker.steps.streaming import Feed
from dsptt_worker.task import open_task

CPU = torch.device("cpu")
SIZE = 24


@pytest.fixture(scope="module")
def images() -> Dataset:
    """Bytes that are cropped, flipped and normalised."""
    return DATASETS["cifar10-sample"](train=100, validation=20, test=10, side=8)


def batches_of(dataset: Dataset, feed: Feed | None = None) -> Batches:
    return Batches(dataset.train, dataset.augmentation, SIZE, SEED, dataset.normalisation, feed)


@settings(max_examples=20)
@given(asked=st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 11)), max_size=12))
def test_a_streamed_batch_has_the_bits_of_a_resident_one_whatever_was_asked_before(
    images: Dataset, asked: list[tuple[str, int]]
) -> None:
    resident, streamed = batches_of(images), batches_of(images, Feed(images.train.inputs, SIZE, CPU))
    for stream, step in [*asked, ("a", 0), ("a", 1), ("a", 2)]:
        for one, other in zip(resident.batch(stream, step), streamed.batch(stream, step), strict=True):
            assert torch.equal(one, other)


def test_a_streamed_batch_is_laid_out_as_a_resident_one() -> None:
    """Tests images of one channel, whose layout torch may read in two ways: other kernels would round differently."""
    digits = DATASETS["digits"]()
    resident, streamed = batches_of(digits), batches_of(digits, Feed(digits.train.inputs, SIZE, CPU))
    assert streamed.batch("a", 0)[0].stride() == resident.batch("a", 0)[0].stride()


def test_the_next_batch_is_gathered_by_another_thread_and_each_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    gathered: list[tuple[str, list[int]]] = []
    gather = Feed._gather

    def seen(self: Feed, index: torch.Tensor, slot: int) -> None:
        gathered.append((threading.current_thread().name, index.tolist()))
        gather(self, index, slot)

    monkeypatch.setattr(Feed, "_gather", seen)
    inputs = torch.arange(60.0)[:, None]
    feed = Feed(inputs, 2, CPU)
    steps = [torch.tensor([3 * step, 3 * step + 1]) for step in range(5)]
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        feed.show(step, following)
        assert torch.equal(feed.shown, inputs[step])
    assert [index for _, index in gathered] == [step.tolist() for step in steps]
    names = [name for name, _ in gathered]
    assert names[0] == threading.current_thread().name
    assert all(name.startswith("batches") for name in names[1:])


def test_all_batches_come_in_the_same_memory_which_a_captured_step_reads(images: Dataset) -> None:
    feed = Feed(images.train.inputs, SIZE, CPU)
    batches = batches_of(images, feed)
    places = set()
    for step in range(9):
        batches.place("a", step)
        places.add(feed.shown.data_ptr())
    assert len(places) == 1


def test_replayed_steps_train_on_streamed_batches() -> None:
    resident, streamed = wine_task(dropout=0.5), wine_task(dropout=0.5, data="stream")
    streamed.execution.capture_with(TapeCapture(streamed.net.module))
    points = [new_point(task) for task in (resident, streamed)]
    for start in (7, 13):
        losses = [
            descend(task, point, [0.1] * 6, start=start)
            for task, point in zip((resident, streamed), points, strict=True)
        ]
        torch.testing.assert_close(*losses, rtol=1e-4, atol=1e-6)


def test_a_task_whose_data_are_streamed_gives_the_bits_of_one_whose_data_are_resident() -> None:
    ends = []
    for data in ("device", "stream"):
        task = digits_task(data=data)
        point = new_point(task)
        losses = descend(task, point, [0.1] * 25)
        evaluation.reestimate(task, point, "re", never)
        ends.append((losses, point, evaluation.evaluate(task, point, "train", never, with_outputs=True)))
    (losses, point, evaluated), (others, other, evaluated_other) = ends
    assert torch.equal(losses, others)
    assert same_state(point, other)
    assert (evaluated.loss, evaluated.error_pct) == (evaluated_other.loss, evaluated_other.error_pct)
    assert torch.equal(evaluated.outputs, evaluated_other.outputs)


def test_streaming_a_mapped_file_takes_the_memory_of_four_batches(tmp_path: Path) -> None:
    np.save(tmp_path / "images.npy", np.zeros((4000, 3, 32, 32), np.uint8))
    mapped = torch.from_numpy(np.load(tmp_path / "images.npy", mmap_mode="c"))
    size, batch = 64, 64 * 3 * 32 * 32
    meter = open_meter(CPU)
    before = meter.read().allocated
    batches = Batches(
        Split(mapped, torch.zeros(4000, dtype=torch.int64)), None, size, SEED, None, Feed(mapped, size, CPU)
    )
    for step in range(130):
        batches.batch("a", step)
    orders = 3 * 8 * 4000  # an epoch's order: drawn, by place, and that of the epoch before
    peak = meter.read().peak - before
    meter.close()
    assert 3 * batch < peak < 4 * batch + orders + 40_000 < mapped.nbytes / 10


@pytest.mark.parametrize(("free", "streams"), [(10_000_000, False), (2 * 130 * 192, False), (2 * 130 * 192 - 1, True)])
def test_data_are_streamed_by_themselves_where_they_would_take_more_than_half_of_the_free_memory(
    images: Dataset, monkeypatch: pytest.MonkeyPatch, free: int, streams: bool
) -> None:
    monkeypatch.setattr(placing, "_free_bytes", lambda _device: free)
    for data, expected in (("auto", streams), ("device", False), ("stream", True)):
        splits, feed = placed(images.splits(), open_message(batchSize=SIZE, data=data), CPU)
        assert (feed is not None) == expected
        assert {name: len(split) for name, split in splits.items()} == {"train": 100, "validation": 20, "test": 10}


def test_the_full_gradient_cannot_be_streamed() -> None:
    with pytest.raises(
        ConfigFaultError, match="data 'stream' brings one batch at a time, but batchSize full needs all"
    ):
        open_task(open_message(batchSize=0, data="stream"))


def test_a_batch_larger_than_the_training_split_is_refused_also_where_it_is_streamed() -> None:
    with pytest.raises(ConfigFaultError, match="batchSize must be at most the 90 training samples, got 91"):
        open_task(open_message(batchSize=91, data="stream"))
