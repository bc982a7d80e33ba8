"""``load_ensemble``: the networks of a finished run as one module."""

from __future__ import annotations

import copy
import hashlib
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from finished_run import CONV, NAMES, FinishedRun, close
from torch import nn

from dsptt import ConfigFaultError, DataFaultError, load_ensemble
from dsptt.combining import at_temperature

OWN_FILE = """
from dsptt_worker.models import conv

def defineModel(inputs, outputs, channels):
    return conv.build(inputs, outputs, channels=channels)
"""

DOUBLING_FILE = """
from torch import nn
from dsptt_worker.models import conv

class Doubling(nn.Sequential):
    def forward(self, x):
        x DOUBLES
        return super().forward(x)

def defineModel(inputs, outputs, channels):
    return Doubling(*conv.build(inputs, outputs, channels=channels))
"""


@pytest.fixture
def own_run(run: FinishedRun, tmp_path: Path) -> FinishedRun:
    """Copies the run for tests that change it."""
    return run.copy(tmp_path / "run")


def test_raw_samples_get_the_mean_of_what_the_run_kept_of_its_networks(run: FinishedRun) -> None:
    model = load_ensemble(run.path)
    mean = torch.stack(list(run.outputs.values())).mean(0)
    assert close(model(run.raw), mean)
    assert (model.names, model.classes) == (list(NAMES), [str(digit) for digit in range(10)])


def test_bytes_are_the_same_samples_as_floats(run: FinishedRun) -> None:
    model = load_ensemble(run.path)
    assert torch.equal(model(run.raw.to(torch.uint8)), model(run.raw))


@pytest.mark.parametrize("name", NAMES)
def test_a_member_alone_and_inside_the_ensemble_predicts_the_same(run: FinishedRun, name: str) -> None:
    alone = load_ensemble(run.path, member=name)(run.raw)
    inside = load_ensemble(run.path).each(run.raw)[NAMES.index(name)]
    assert torch.equal(alone, inside)
    assert close(alone, run.outputs[name])


def test_another_ensemble_weighs_its_members_as_the_run_did(run: FinishedRun) -> None:
    tier0, tier1 = run.outputs.values()
    assert close(load_ensemble(run.path, ensemble="weighted")(run.raw), 0.75 * tier0 + 0.25 * tier1)


def test_a_vote_counts_members_and_breaks_ties_by_their_mean(run: FinishedRun) -> None:
    votes = load_ensemble(run.path, ensemble="vote")(run.raw)
    tier0, tier1 = (outputs.argmax(1) for outputs in run.outputs.values())
    mean = torch.stack(list(run.outputs.values())).mean(0)
    agreed = tier0 == tier1
    assert 0 < agreed.sum() < len(agreed)
    assert torch.equal(votes.argmax(1)[agreed], tier0[agreed])
    better = torch.where(mean.gather(1, tier0[:, None])[:, 0] > mean.gather(1, tier1[:, None])[:, 0], tier0, tier1)
    assert torch.equal(votes.argmax(1)[~agreed], better[~agreed])


@pytest.mark.parametrize("name", ["tier-0-1", "weighted"])
def test_calibrated_it_answers_at_the_temperature_of_the_ensemble(run: FinishedRun, name: str) -> None:
    plain, model = (load_ensemble(run.path, ensemble=name, calibrated=calibrated) for calibrated in (False, True))
    expected = plain(run.raw).double() ** (1 / 1.7)
    assert torch.allclose(model(run.raw).double(), expected / expected.sum(1, keepdim=True), rtol=0, atol=1e-7)
    assert (plain.temperature, model.temperature) == (None, 1.7)
    assert torch.equal(model.each(run.raw), plain.each(run.raw))


def test_a_probability_of_0_is_calibrated_as_the_smallest_number_above_it() -> None:
    answer = at_temperature(torch.tensor([[1.0, 0.0]]), 103.0)
    assert answer.tolist()[0][1] == pytest.approx(2 ** (-149 / 103) / (1 + 2 ** (-149 / 103)), abs=1e-7)


def test_what_has_no_temperature_cannot_be_calibrated(run: FinishedRun, wines: FinishedRun) -> None:
    for path, chosen in [(run.path, {"ensemble": "vote"}), (run.path, {"member": "tier0"}), (wines.path, {})]:
        with pytest.raises(ConfigFaultError, match=r"states no temperature of '[^']+': a run fits one to the probab"):
            load_ensemble(path, **chosen, calibrated=True)


def test_a_regression_answers_in_the_units_of_what_it_predicts(wines: FinishedRun) -> None:
    model = load_ensemble(wines.path)
    standardised = torch.stack(list(wines.outputs.values())).mean(0)
    assert model.target is not None
    assert torch.allclose(model(wines.raw), standardised * model.target.std + model.target.mean, atol=1e-4)
    assert 5 < model(wines.raw).mean().item() < 6.5  # scores of wines


def test_it_is_in_evaluation_mode_and_its_state_holds_the_normalisation(run: FinishedRun) -> None:
    model = load_ensemble(run.path)
    assert not any(module.training for module in model.modules())
    assert {"normalisation.mean", "normalisation.std"} < set(model.state_dict())


def test_loading_leaves_the_callers_random_numbers_alone(run: FinishedRun) -> None:
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    load_ensemble(run.path)
    assert torch.equal(torch.rand(2), expected)


NOT_FINITE = torch.zeros(3, 1, 8, 8)
NOT_FINITE[1, 0, 2, 5] = torch.inf


@pytest.mark.parametrize(
    ("batch", "message"),
    [
        (torch.zeros(2, 8, 8), "the batch has shape [2, 8, 8], but [samples, 1, 8, 8] is needed: the channel is a dim"),
        (torch.zeros(0, 1, 8, 8), "the batch holds no samples"),
        (torch.zeros(2, 1, 8, 8).bool(), "the batch holds torch.bool, numbers are needed (uint8, or float32)"),
        (np.zeros((2, 1, 8, 8), np.float32), "a batch must be a torch tensor, got ndarray: torch.as_tensor(batch)"),
        ([[0.0] * 64], "a batch must be a torch tensor, got list: torch.as_tensor(batch)"),
        (NOT_FINITE, "the batch, sample 1 (from 0), holds inf at [0, 2, 5], which is no finite 32-bit number"),
        (torch.full((1, 1, 8, 8), 17, dtype=torch.uint8), "holds pixels from 17 to 17, but those of this run"),
        (torch.full((1, 1, 8, 8), -1.0), "holds pixels from -1 to -1, but those of this run's data are from 0 to 16"),
    ],
)
def test_a_batch_that_holds_no_samples_of_the_runs_is_refused(run: FinishedRun, batch: Any, message: str) -> None:
    model = load_ensemble(run.path)
    for answering in (model, model.each):
        with pytest.raises(DataFaultError, match=re.escape(message)):
            answering(batch)


def test_pixels_of_0_to_1_are_refused_and_dark_ones_are_taken(run: FinishedRun) -> None:
    model = load_ensemble(run.path)
    with pytest.raises(DataFaultError, match=r"pixels from 0 to 1, but white is 16 in this run's data: multiply them"):
        model(run.raw.abs() / 16)
    dark = run.raw.clamp(0, 1)
    assert torch.equal(model(dark), model(dark.to(torch.uint8)))
    assert torch.equal(model(dark), model(dark.long()))


def test_numbers_of_a_table_may_be_of_any_size_but_finite(wines: FinishedRun) -> None:
    model = load_ensemble(wines.path)
    assert model(wines.raw / 1000).isfinite().all()
    with pytest.raises(DataFaultError, match=r"sample 0 \(from 0\), holds nan at \[3\], which is no finite"):
        model(torch.tensor([[0.0] * 3 + [torch.nan] * 8]))


def test_code_that_a_directory_names_is_imported_only_when_it_is_trusted(own_run: FinishedRun, tmp_path: Path) -> None:
    file = tmp_path / "own.py"
    file.write_text(OWN_FILE)
    run = own_run
    run.edit("config.json", model={**CONV, "name": None, "python": str(file)})
    with pytest.raises(
        ConfigFaultError, match=r"names code to be imported, .*own\.py: look at it, and give --trust-code"
    ):
        load_ensemble(run.path)
    assert close(load_ensemble(run.path, trust_code=True, member="tier0")(run.raw), run.outputs["tier0"])


def doubling(run: FinishedRun, file: Path, doubles: str) -> FinishedRun:
    """Gives the run's networks a first operation that doubles their inputs."""
    file.write_text(DOUBLING_FILE.replace("DOUBLES", doubles))
    run.edit("config.json", model={**CONV, "name": None, "python": str(file)})
    return run


def test_networks_that_write_into_their_inputs_are_averaged_as_others_are(own_run: FinishedRun, tmp_path: Path) -> None:
    expected = load_ensemble(doubling(own_run, tmp_path / "two.py", "= x * 2").path, trust_code=True)(own_run.raw)
    run = doubling(own_run, tmp_path / "own.py", "*= 2")
    model, raw = load_ensemble(run.path, trust_code=True), run.raw.clone()
    assert torch.equal(model(raw), expected)
    alone = [load_ensemble(run.path, trust_code=True, member=name)(raw) for name in NAMES]
    assert torch.equal(model.each(raw), torch.cat([answer[None] for answer in alone]))
    assert torch.equal(raw, run.raw)


def test_samples_in_any_layout_reach_a_network_in_the_default_one(own_run: FinishedRun, tmp_path: Path) -> None:
    file = tmp_path / "own.py"
    file.write_text(OWN_FILE)
    own_run.edit("config.json", model={**CONV, "name": None, "python": str(file)})
    model, seen = load_ensemble(own_run.path, trust_code=True, member="tier0"), []
    model.members[0].register_forward_pre_hook(lambda _module, inputs: seen.append(inputs[0].stride()))
    expected = model(own_run.raw)
    for raw in (
        own_run.raw.transpose(2, 3).contiguous().transpose(2, 3),
        own_run.raw.as_strided((997, 1, 8, 8), (64, 1, 8, 1)),
    ):
        assert torch.equal(model(raw), expected)
    assert seen == [(64, 64, 8, 1)] * 3


def test_networks_that_a_script_had_built_need_a_function_that_builds_them(own_run: FinishedRun) -> None:
    named = load_ensemble(own_run.path)
    own_run.edit("config.json", model={**CONV, "name": "handed"})
    with pytest.raises(ConfigFaultError, match="were built by a script"):
        load_ensemble(own_run.path)
    built = load_ensemble(own_run.path, build=lambda: _fresh(named.members[0]))
    assert torch.equal(built(own_run.raw), named(own_run.raw))
    with pytest.raises(ConfigFaultError, match="the weights do not fit the function given as build: "):
        load_ensemble(own_run.path, build=lambda: nn.Linear(64, 10))


def _fresh(module: nn.Module) -> nn.Module:
    """Builds a network of the same kind, with other weights."""
    again = copy.deepcopy(module)
    for parameter in again.parameters():
        nn.init.zeros_(parameter)
    return again


def test_unknown_names_are_refused_with_those_there_are(run: FinishedRun) -> None:
    with pytest.raises(ConfigFaultError, match="has no member 'tier1-2'; it has: tier0, tier1-1"):
        load_ensemble(run.path, member="tier1-2")
    with pytest.raises(ConfigFaultError, match="has no ensemble 'all'; it has: tier-0-1, weighted, vote"):
        load_ensemble(run.path, ensemble="all")
    with pytest.raises(ConfigFaultError, match="not both"):
        load_ensemble(run.path, ensemble="vote", member="tier0")


def test_a_directory_without_a_finished_run_is_refused(own_run: FinishedRun) -> None:
    path = own_run.path
    with pytest.raises(DataFaultError, match="it does not exist"):
        load_ensemble(path / "nothing")
    with pytest.raises(DataFaultError, match=r"it has no config\.json"):
        load_ensemble(path / "members")
    (path / "data.json").unlink()
    with pytest.raises(DataFaultError, match=rf"has no data\.json.*earlier .*: `dsptt resume {path}` writes it"):
        load_ensemble(path)
    (path / "result.json").unlink()
    with pytest.raises(DataFaultError, match=f"has not finished: resume it with `dsptt resume {path}`"):
        load_ensemble(path)
    own_run.edit("config.json", objective={"name": "rastrigin"})
    with pytest.raises(DataFaultError, match="closed-form objective"):
        load_ensemble(path)


def test_a_damaged_run_is_refused(own_run: FinishedRun) -> None:
    file = own_run.path / "members" / "tier0.safetensors"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    again = f"`dsptt resume {own_run.path}` makes"
    with pytest.raises(DataFaultError, match=rf"tier0\.safetensors is damaged: its sha256 is .*, not .*{again} both"):
        load_ensemble(own_run.path)
    file.unlink()
    with pytest.raises(DataFaultError, match=r"cannot read the member .*tier0\.safetensors: No such file"):
        load_ensemble(own_run.path)
    (own_run.path / "result.json").write_text('{"schema": 1, "members": [')
    with pytest.raises(DataFaultError, match=rf"result\.json is damaged: it is no JSON .*: remove it, and {again} it"):
        load_ensemble(own_run.path)


def test_a_normalisation_that_is_not_the_runs_is_noticed(own_run: FinishedRun) -> None:
    file = own_run.path / "data.json"
    own_run.edit("result.json", dataSha256=hashlib.sha256(file.read_bytes()).hexdigest())
    load_ensemble(own_run.path)
    own_run.edit("data.json", std=[6.5])
    with pytest.raises(DataFaultError, match=r"data\.json is damaged: its sha256 is .*: remove it, and `dsptt resume "):
        load_ensemble(own_run.path)
    file.write_bytes(b'{"sch\xe5ma": 1}')
    own_run.edit("result.json", dataSha256=None)
    with pytest.raises(DataFaultError, match=r"data\.json is damaged: it is no JSON \('utf-8' codec"):
        load_ensemble(own_run.path)


@pytest.mark.parametrize(
    ("file", "changes", "message"),
    [
        ("result.json", {"schema": 2}, r"result\.json is of schema 2, this version of dsptt reads 1: install a newer"),
        ("data.json", {"schema": 7}, r"data\.json is of schema 7"),
        ("data.json", {"shape": "no"}, r"data\.json is damaged: 'shape' is 'no'"),
        ("data.json", {"mean": [1.0, 2.0]}, r"mean and std do not fit samples of \[1, 8, 8\]"),
        ("result.json", {"result": None}, r"result\.json is damaged: 'result' is None"),
        ("result.json", {"ensembles": [{"name": "e", "members": ["x"], "rule": "mean"}]}, "no file of its member 'x'"),
        ("result.json", {"ensembles": [{"name": "e", "members": ["tier0"], "rule": "max"}]}, "combines .* by 'max'"),
        (
            "result.json",
            {"ensembles": [{"name": "e", "members": ["tier0"], "rule": "mean", "temperature": 0}]},
            "is damaged: its temperature is 0",
        ),
        ("result.json", {"members": [{"name": "tier0", "file": "../x.safetensors"}]}, "no safetensors file of the dir"),
    ],
)
def test_files_that_say_something_else_are_refused(
    own_run: FinishedRun, file: str, changes: dict[str, object], message: str
) -> None:
    own_run.edit(file, **changes)
    with pytest.raises(DataFaultError, match=message):
        load_ensemble(own_run.path)
