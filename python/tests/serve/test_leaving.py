"""Start and end of a worker process: each test has a process of its own."""

from __future__ import annotations

import signal
import stat
from pathlib import Path

import pytest
from test_server import busy_with_descend
from worker_process import ANSWER_MS, WorkerProcess, launch, short_directory


def left_nothing(worker: WorkerProcess) -> bool:
    """True if sockets and directory are gone, and nothing was printed."""
    output, errors = worker.process.communicate()
    assert (output, errors) == (b"", b"")
    return not worker.directory.exists()


def refusal(*arguments: str) -> tuple[int, str]:
    """Returns exit status and message of a worker that does not start."""
    process = launch(*arguments)
    _, errors = process.communicate(timeout=ANSWER_MS / 1000)
    return process.returncode, errors.decode()


def test_shutdown_is_answered_and_ends_the_process_with_status_0_and_no_trace() -> None:
    with WorkerProcess.start() as worker:
        assert (worker.directory / "work").is_socket()
        assert (worker.directory / "control").is_socket()
        assert worker.client("control").ask("shutdown") == {}
        assert worker.wait() == 0
        assert left_nothing(worker)


def test_shutdown_ends_a_program_that_runs() -> None:
    with WorkerProcess.start() as worker:
        _, control, _ = busy_with_descend(worker)
        control.ask("shutdown")
        assert worker.wait() == 0
        assert left_nothing(worker)


def test_the_end_of_stdin_ends_an_idle_worker_cleanly() -> None:
    with WorkerProcess.start() as worker:
        worker.close_stdin()
        assert worker.wait() == 0
        assert left_nothing(worker)


def test_the_end_of_stdin_ends_a_busy_worker_cleanly() -> None:
    with WorkerProcess.start() as worker:
        busy_with_descend(worker)
        worker.close_stdin()
        assert worker.wait() == 0
        assert left_nothing(worker)


def test_bytes_on_stdin_are_read_and_ignored() -> None:
    with WorkerProcess.start() as worker:
        worker.process.stdin.write(b"hello\n" * 100_000)
        worker.process.stdin.flush()
        assert worker.connect()
        worker.close_stdin()
        assert worker.wait() == 0


def test_sigterm_ends_the_process_cleanly() -> None:
    with WorkerProcess.start() as worker:
        worker.process.send_signal(signal.SIGTERM)
        assert worker.wait() == 0
        assert left_nothing(worker)


def test_without_the_option_the_end_of_stdin_ends_nothing() -> None:
    with WorkerProcess.start(watched=False) as worker:
        worker.close_stdin()
        assert worker.connect()
        worker.process.send_signal(signal.SIGTERM)
        assert worker.wait() == 0
        assert left_nothing(worker)


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o701], ids=oct)
def test_a_directory_that_others_can_enter_is_refused(mode: int) -> None:
    with short_directory(mode) as directory:
        status, message = refusal("--listen", f"ipc://{directory}")
        assert status == 2
        assert "mode 0700" in message
        assert stat.S_IMODE(directory.stat().st_mode) == mode
        assert list(directory.iterdir()) == []


@pytest.mark.parametrize("listen", ["udp://127.0.0.1:5555", "ipc://relative", "/tmp", ""])
def test_any_transport_but_ipc_and_tcp_is_refused(listen: str) -> None:
    status, message = refusal("--listen", listen)
    assert status == 2
    assert "must be ipc:///DIRECTORY" in message
    assert repr(listen) in message


def test_a_worker_that_is_told_nowhere_to_listen_is_refused() -> None:
    assert refusal()[0] == 2


def test_a_directory_that_does_not_exist_is_refused_by_name(socket_directory: Path) -> None:
    status, message = refusal("--listen", f"ipc://{socket_directory}/nowhere")
    assert status == 2
    assert f"{socket_directory}/nowhere must be an existing directory" in message


def test_a_path_too_long_for_a_socket_is_refused(socket_directory: Path) -> None:
    deep = socket_directory / ("d" * 100)
    deep.mkdir(mode=0o700)
    status, message = refusal("--listen", f"ipc://{deep}")
    assert status == 2
    assert "longer than 103 bytes" in message
