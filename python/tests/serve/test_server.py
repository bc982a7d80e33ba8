"""A real worker process, over real sockets. Nothing here sleeps: tests wait for answers and for the process to end."""

from __future__ import annotations

import signal
import time
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from worker_process import ANSWER_MS, Client, Refused, WorkerProcess

from dsptt_worker import __version__
from dsptt_worker.data import DATASETS
from dsptt_worker.models import MODELS
from dsptt_worker.protocol import message

OPEN = {
    "dataset": {"name": "wine"},
    "model": {"name": "mlp", "args": {"hidden": [8]}},
    "loss": "crossEntropy",
    "precision": "fp32",
    "batchSize": 30,
    "batchChunks": 1,
    "allowChunkedBn": False,
    "seed": 7,
    "device": "cpu",
    "threads": 1,
}
SOLVER = {
    "solver": "sgd",
    "momentum": 0.9,
    "nesterov": True,
    "weightDecay": 0.0,
    "beta1": 0.9,
    "beta2": 0.999,
    "epsilon": 1e-8,
}
TRAIN = {"point": "a", "stream": "train", "start": 0, "solver": SOLVER, "capture": []}
HOURS = {"lr": np.full(message.MAX_STEPS, 1e-3), "noise": np.empty(0)}


def opened(worker: WorkerProcess) -> Client:
    """Connects a client that has opened a task and created the point ``a``."""
    client = worker.connect()
    client.ask("open", **OPEN)
    client.ask("newPoint", point="a", stream="init")
    return client


def beats_until(control: Client, reached: Any) -> dict[str, Any]:
    """Sends beats until one of them fulfils the condition."""
    end = time.monotonic() + ANSWER_MS / 1000
    while not reached(beat := control.ask("beat")):
        assert time.monotonic() < end, beat
    return beat


def busy_with_descend(worker: WorkerProcess) -> tuple[Client, Client, int]:
    """Returns a client, its control socket and the id of its long program, which is running."""
    client = opened(worker)
    control = worker.client("control", client.sender)
    before = control.ask("beat")["steps"]
    id_ = client.send("descend", HOURS, **TRAIN)
    beats_until(control, lambda beat: beat["busy"] == "descend" and beat["steps"] > before)
    return client, control, id_


def cancelled(client: Client, id_: int) -> bool:
    with pytest.raises(Refused) as refused:
        client.answer(id_)
    return refused.value.code == "cancelled"


def test_hello_tells_who_the_worker_is_and_what_it_knows(worker: WorkerProcess) -> None:
    result = worker.client().ask("hello", protocol=message.PROTOCOL_VERSION)
    assert result["protocol"] == message.PROTOCOL_VERSION
    assert result["pid"] == worker.process.pid
    assert result["versions"]["dspttWorker"] == __version__
    assert (result["datasets"], result["models"]) == (list(DATASETS), list(MODELS))
    assert result["devices"][0] == "cpu"
    assert result["versions"]["processor"].endswith(f"({torch.backends.cpu.get_cpu_capability()})")


def test_every_answer_names_the_worker(worker: WorkerProcess) -> None:
    client = worker.client()
    client.send("hello", protocol=message.PROTOCOL_VERSION)
    header, _ = client.receive()
    assert header["sender"] == header["result"]["worker"]
    control = worker.client("control")
    control.send("beat")
    assert control.receive()[0]["sender"] == header["sender"]


def test_a_client_of_another_protocol_version_is_refused_with_both_versions(worker: WorkerProcess) -> None:
    client = worker.client()
    with pytest.raises(
        Refused, match=rf"speaks protocol 1, this worker \(dsptt_worker .*\) {message.PROTOCOL_VERSION}"
    ) as refused:
        client.ask("hello", protocol=1)
    assert refused.value.code == "protocol"
    with pytest.raises(Refused, match="first message must be 'hello'"):
        client.ask("open", **OPEN)


def test_an_operation_before_hello_is_refused_and_one_after_it_served(worker: WorkerProcess) -> None:
    client = worker.client()
    with pytest.raises(Refused, match="open: the first message must be 'hello'") as refused:
        client.ask("open", **OPEN)
    assert refused.value.code == "protocol"
    client.ask("hello", protocol=message.PROTOCOL_VERSION)
    assert client.ask("open", **OPEN)["stepsPerEpoch"] == 3


@pytest.mark.parametrize("socket", ["work", "control"])
@pytest.mark.parametrize(
    ("frames", "id_"),
    [
        ([b""], 0),
        ([b"\xc1garbage"], 0),
        ([b"x" * (message.MAX_HEADER_BYTES + 1)], 0),
        ([msgspec.msgpack.encode({"op": "beat"})], 0),
        ([msgspec.msgpack.encode({"id": -1, "sender": "x", "op": "beat"})], 0),
        ([msgspec.msgpack.encode({"id": 9, "sender": "x", "op": "explode"})], 9),
        ([msgspec.msgpack.encode({"id": 9, "sender": "x", "op": "hello", "protocol": "one"})], 9),
        ([msgspec.msgpack.encode({"id": 9, "sender": "x", "op": "beat"}), b"surplus"], 9),
        ([b""] * (message.MAX_FRAMES + 2), 0),
    ],
    ids=["empty", "garbage", "long", "no id", "bad id", "unknown operation", "bad field", "surplus frame", "frames"],
)
def test_bad_frames_cost_an_error_answer_and_a_good_request_is_answered_after(
    worker: WorkerProcess, socket: str, frames: list[bytes], id_: int
) -> None:
    client = worker.connect() if socket == "work" else worker.client("control")
    client.send_frames(frames)
    header, _ = client.receive()
    assert (header["status"], header["id"], header["error"]["code"]) == ("error", id_, "protocol")
    assert client.ask("hello", protocol=message.PROTOCOL_VERSION) if socket == "work" else client.ask("beat")


def test_an_error_answer_carries_code_message_and_traceback(worker: WorkerProcess) -> None:
    client = opened(worker)
    with pytest.raises(Refused, match="no point 'missing'; there are: a") as refused:
        client.ask("copyPoint", point="b", source="missing")
    assert refused.value.code == "protocol"
    assert "Traceback" in refused.value.traceback
    assert "copy_point" in refused.value.traceback
    with pytest.raises(Refused) as refused:
        client.ask("open", **{**OPEN, "device": "gpu"})
    assert refused.value.code == "config"
    with pytest.raises(Refused) as refused:
        client.ask("open", **{**OPEN, "dataset": {"name": "wine", "dir": "/nowhere"}})
    assert refused.value.code == "data"


def test_an_error_about_a_large_value_is_short_enough_for_a_client_to_read(worker: WorkerProcess) -> None:
    with pytest.raises(Refused, match="hidden") as refused:
        opened(worker).ask("open", **{**OPEN, "model": {"name": "mlp", "args": {"hidden": "x" * 1_000_000}}})
    assert len(str(refused.value)) + len(refused.value.traceback) < message.MAX_HEADER_BYTES


def test_tensors_travel_both_ways_in_every_bit(worker: WorkerProcess) -> None:
    client = opened(worker)
    losses = client.answer(client.send("descend", {**HOURS, "lr": np.array([0.1, 0.1])}, **TRAIN))[1]["loss"]
    assert (losses.dtype, losses.shape) == (np.float32, (2,))
    file = client.answer(client.send("savePoint", point="a", metadata={}))[1]["file"]
    client.ask("loadPoint", {"file": file}, point="b")
    distances = client.answer(client.send("distances", points=["a", "b"]))[1]["distances"]
    assert not distances.any()
    outputs = client.answer(client.send("evaluate", point="a", split="test", outputs=False))[1]["outputs"]
    assert outputs.shape == (0, 3)


def test_two_clients_get_their_own_answers(worker: WorkerProcess) -> None:
    first, second = opened(worker), worker.connect()
    ids = [client.send("targets", split=split) for client, split in [(first, "train"), (second, "test")] * 3]
    for index, id_ in enumerate(ids):
        client, size = [(first, 90), (second, 44)][index % 2]
        assert client.answer(id_)[1]["targets"].shape == (size,)


def test_a_busy_worker_answers_beats_with_growing_steps_until_it_is_cancelled(worker: WorkerProcess) -> None:
    client, control, id_ = busy_with_descend(worker)
    seen = [beats_until(control, lambda beat: beat["busy"])["steps"]]
    for _ in range(3):
        seen.append(beats_until(control, lambda beat: beat["steps"] > seen[-1])["steps"])
    control.ask("cancel", ids=[id_])
    assert cancelled(client, id_)
    assert client.ask("probe", point="a", stream="s", batches=2)["loss"] > 0
    assert control.ask("beat")["busy"] is None


def test_a_cancel_reaches_waiting_requests_too_and_no_others(worker: WorkerProcess) -> None:
    client, control, running = busy_with_descend(worker)
    waiting, kept = client.send("descend", HOURS, **TRAIN), client.send("targets", split="test")
    control.ask("cancel", ids=[running, waiting])
    assert cancelled(client, running)
    assert cancelled(client, waiting)
    assert client.answer(kept)[1]["targets"].shape == (44,)


def test_a_client_cannot_cancel_what_another_one_asked(worker: WorkerProcess) -> None:
    client, control, id_ = busy_with_descend(worker)
    worker.client("control", "a stranger").ask("cancel", ids=[id_])
    steps = control.ask("beat")["steps"]
    beats_until(control, lambda beat: beat["busy"] == "descend" and beat["steps"] > steps + 5)
    control.ask("cancel", ids=[id_])
    assert cancelled(client, id_)


def test_the_steps_of_a_beat_count_batches_of_every_kind(worker: WorkerProcess) -> None:
    client, control = opened(worker), worker.client("control")
    before = control.ask("beat")["steps"]
    client.ask("descend", {**HOURS, "lr": np.array([0.1] * 7)}, **TRAIN)
    client.ask("probe", point="a", stream="s", batches=2)
    assert control.ask("beat") == {"steps": before + 9, "busy": None, "notices": []}
    client.ask("evaluate", point="a", split="test", outputs=False)
    client.ask("segment", {"positions": np.array([0.0, 0.5, 1.0])}, source="a", target="a", stream="s")
    assert control.ask("beat") == {"steps": before + 9 + 1 + 3, "busy": None, "notices": []}


def test_sigint_is_ignored(worker: WorkerProcess) -> None:
    worker.process.send_signal(signal.SIGINT)
    assert worker.connect().ask("hello", protocol=message.PROTOCOL_VERSION)["pid"] == worker.process.pid
    assert worker.process.poll() is None
