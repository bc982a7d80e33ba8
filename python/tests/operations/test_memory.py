"""Memory of tensors: a search costs at most one vector of parameters a path more than training."""

from __future__ import annotations

import pytest
import torch
from builders import digits_task, new_point, open_message
from session import Session

from dsptt_worker.errors import ProtocolFaultError
from dsptt_worker.operations.memory import open_meter

CPU = torch.device("cpu")
KB = 1024


def ones(count: int) -> torch.Tensor:
    return torch.ones(count * KB // 4)


class TestLiveTensors:
    @pytest.fixture
    def meter(self):
        meter = open_meter(CPU)
        yield meter
        meter.close()

    def test_counts_what_is_made_and_what_is_given_back(self, meter) -> None:
        before = meter.read().allocated
        kept, passing = ones(3), ones(5)
        del passing
        reading = meter.read()
        assert reading.allocated - before == 3 * KB
        assert reading.peak - before == 8 * KB
        assert meter.read().peak - before == 3 * KB, "the peak starts again at each reading"
        assert kept.numel()

    def test_counts_memory_that_views_share_once(self, meter) -> None:
        before = meter.read().allocated
        whole = ones(4)
        parts = [whole[:KB], whole.view(2, -1), whole.detach()]
        assert meter.read().allocated - before == 4 * KB
        del whole
        assert meter.read().allocated - before == 4 * KB, "a view keeps the memory"
        parts.clear()
        assert meter.read().allocated == before

    def test_sees_what_was_there_before_it_began(self) -> None:
        there = ones(7)
        meter = open_meter(CPU)
        try:
            before = meter.read().allocated
            del there
            assert before - meter.read().allocated == 7 * KB
        finally:
            meter.close()

    def test_looks_past_sparse_and_lazy_tensors_which_have_no_storage(self) -> None:
        strangers = [torch.eye(2).to_sparse(), torch.nn.UninitializedParameter()]
        meter = open_meter(CPU)
        try:
            before = meter.read().allocated
            strangers.append(ones(3))
            assert meter.read().allocated - before == 3 * KB
        finally:
            meter.close()

    def test_counts_what_autograd_keeps_for_the_way_back(self, meter) -> None:
        weight = ones(1).requires_grad_()
        before = meter.read().allocated
        loss = (weight * 2).square().sum()  # square keeps its input
        assert meter.read().allocated - before == pytest.approx(KB, abs=64)
        del loss
        assert meter.read().allocated == before

    def test_is_over_once_closed(self) -> None:
        meter = open_meter(CPU)
        before = meter.read().allocated
        meter.close()
        kept = ones(9)
        assert meter.read().allocated == before
        assert kept.numel()

    def test_changes_no_bit_of_training(self) -> None:
        def trained(watch: bool) -> torch.Tensor:
            session = Session()
            if watch:
                session.ask("memory", watch=True)
            session.descend("home", [0.1, 0.2, 0.1])
            if watch:
                session.ask("memory", watch=False)
            return session.theta("home")

        assert torch.equal(trained(True), trained(False))


class TestMemoryRequest:
    def test_says_that_a_path_costs_exactly_one_vector_of_parameters(self) -> None:
        session = Session()
        vector = 4 * session.handlers.task.net.parameters
        before = session.ask("memory", watch=True)[0]
        for name in ("a", "b", "c"):
            session.path(name, stream=name)
        after = session.ask("memory", watch=False)[0]
        assert after.allocatedBytes - before.allocatedBytes == 3 * vector

    def test_measures_a_search_as_training_and_the_paths(self) -> None:
        session = Session()
        vector = 4 * session.handlers.task.net.parameters
        session.ask("memory", watch=True)
        session.descend("home", [0.1])
        session.descend("home", [0.1])
        training = session.ask("memory", watch=True)[0].peakBytes
        for name in ("a", "b", "c", "d", "e"):
            session.path(name, stream=name)
        session.ask("memory", watch=True)
        session.search(["a", "b", "c", "d", "e"], [0, 1, 2, 3, 4])
        search = session.ask("memory", watch=False)[0].peakBytes
        assert 3 * vector <= search - training <= 5 * vector

    def test_is_the_same_each_time(self) -> None:
        def peak() -> int:
            session = Session()
            start = session.ask("memory", watch=True)[0].allocatedBytes
            session.descend("home", [0.1, 0.1])
            return int(session.ask("memory", watch=False)[0].peakBytes - start)

        assert peak() == peak() > 0

    def test_states_what_the_data_take(self) -> None:
        session = Session()
        splits = session.handlers.task.splits.values()
        answer = session.ask("memory", watch=False)[0]
        assert answer.dataBytes == sum(s.inputs.nbytes + s.targets.nbytes for s in splits)
        assert answer.counted == "live tensors"
        assert answer.allocatedBytes > answer.dataBytes

    def test_stops_counting_when_another_task_is_opened(self) -> None:
        session = Session()
        session.ask("memory", watch=True)
        session.handlers.handle(open_message(), {}, lambda: None)
        kept = ones(100)
        first = session.ask("memory", watch=True)[0]
        session.ask("memory", watch=False)
        assert first.peakBytes == first.allocatedBytes
        assert kept.numel()

    def test_needs_a_task(self) -> None:
        session = Session()
        session.handlers._task = None
        with pytest.raises(ProtocolFaultError, match="no task is open"):
            session.ask("memory", watch=True)


def test_a_point_of_a_network_with_buffers_is_counted_with_them() -> None:
    task = digits_task()
    new_point(task)  # allocates what the first point keeps for good
    meter = open_meter(CPU)
    try:
        before = meter.read().allocated
        task.points["p"] = new_point(task)
        rest = sum(tensor.nbytes for tensor in task.points["p"].rest)
        assert rest > 0
        assert meter.read().allocated - before == 4 * task.net.parameters + rest
    finally:
        meter.close()
