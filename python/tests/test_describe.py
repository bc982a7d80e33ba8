from __future__ import annotations

from dsptt_worker import errors, protocol
from dsptt_worker.describe import describe
from dsptt_worker.handlers import _HANDLERS


def test_the_description_names_every_operation_with_its_fields_and_tensors() -> None:
    work = describe()["work"]
    assert work.keys() == {request.__struct_config__.tag for request in protocol.WORK}
    assert work["descend"] == {
        "request": [
            "capture",
            "point",
            "solver.beta1",
            "solver.beta2",
            "solver.epsilon",
            "solver.momentum",
            "solver.nesterov",
            "solver.solver",
            "solver.weightDecay",
            "start",
            "stream",
        ],
        "result": ["finite"],
        "takes": {"lr": "f8", "noise": "f8"},
        "gives": {"loss": "f4", "captured": "f4"},
    }
    assert describe()["control"]["beat"]["result"] == ["busy", "notices", "steps"]


def test_every_error_code_is_that_of_an_error_and_the_other_way_round() -> None:
    faults = [errors.WorkerFaultError, *errors.WorkerFaultError.__subclasses__()]
    assert sorted(fault.code for fault in faults) == sorted(describe()["errorCodes"])


def test_every_operation_on_the_work_socket_has_a_handler() -> None:
    assert _HANDLERS.keys() == protocol.WORK.keys()
