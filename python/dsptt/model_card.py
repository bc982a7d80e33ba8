"""The model card of an exported ensemble: a README in Hugging Face's layout, built from the run's measurements."""

from __future__ import annotations

import json

from dsptt_worker import __version__
from dsptt_worker.task_kind import TaskKind

from .files import Document
from .samples import Samples
from .source import Chosen, Source

CARD = """---
{front}---
# {title}

{what} Exported by dsptt {dsptt} from the run `{run}`.

## Use

It takes raw samples of `{dataset}`: [batch, {shape}], {values}. It answers {answers}

```python
from dsptt import load_ensemble  # needs torch and safetensors alone

model = load_ensemble(".")
print(model.names, model.classes, model.shape)
```

Or without dsptt, each network's `state_dict`:

```python
import json
from safetensors.torch import load_file

config = json.load(open("config.json"))
states = {{member["name"]: load_file(member["file"]) for member in config["members"]}}
print({{name: sum(tensor.numel() for tensor in state.values()) for name, state in states.items()}})
```

A network takes `(x - mean) / std`{precision} with `mean` and `std` of `config.json` under `data`, and answers {output}.
They are combined by `{rule}`{weighed}.
{calibration}
## How it was made

{method}

## What was measured

{numbers}

## Licence

Not stated: the author of these weights may choose one, and replace `unknown` above. Terms of the data may apply too.
"""


ANSWERS: dict[TaskKind, str] = {
    "classes": "class probabilities [batch, classes].",
    "labels": "the probability of each label [batch, labels]: a sample has any number of them.",
    "numbers": "numbers [batch, 1], in their own units.",
}


def model_card(source: Source, chosen: Chosen) -> str:
    """Returns the card as text."""
    samples = source.samples
    result, config = source.documents.get("result"), source.documents["config"]
    return CARD.format(
        front=_front(source, chosen, result),
        title=f"{chosen.name} on {samples.dataset}",
        what=f"{_networks(len(chosen.members))} ({', '.join(chosen.members)}), model `{_model(source)}`.",
        dsptt=__version__,
        run=source.path.resolve().name,
        dataset=samples.dataset,
        shape=", ".join(map(str, samples.shape)),
        values=_values(source),
        answers=ANSWERS[samples.kind],
        precision=", computed in float64 and then made float32," if samples.dtype == "float64" else "",
        output="a standardised number" if samples.kind == "numbers" else "logits",
        rule=chosen.rule,
        weighed="" if chosen.weights is None else " with the `weights` of `config.json`",
        method=_method(result, config),
        calibration="" if samples.kind == "numbers" else _calibration(source, chosen, result),
        numbers=_numbers(chosen, result) if result else "Not kept in this export.",
    )


def _front(source: Source, chosen: Chosen, result: Document | None) -> str:
    samples = source.samples
    sort = "image" if samples.white is not None else "tabular"
    task = f"{sort}-regression" if samples.kind == "numbers" else f"{sort}-classification"
    keys: dict[str, object] = {
        "license": "unknown",
        "library_name": "dsptt",
        "pipeline_tag": task,
        "tags": ["ensemble", "dsp-tt", "pytorch", "safetensors"],
        "datasets": [samples.dataset],
    }
    metrics = [] if result is None else _metrics(_find(result, "ensembles", chosen.name), samples)
    if metrics:
        dataset = {"name": samples.dataset, "type": samples.dataset, "split": "test"}
        results = [{"task": {"type": task}, "dataset": dataset, "metrics": metrics}]
        keys["model-index"] = [{"name": chosen.name, "results": results}]
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in keys.items())  # JSON is YAML


def _metrics(ensemble: Document | None, samples: Samples) -> list[dict[str, object]]:
    if ensemble is None:
        return []
    error, rmse = ensemble.maybe("testErrorPct", (int, float)), ensemble.maybe("testRmse", (int, float))
    if error is not None:
        name = "test accuracy, by label" if samples.kind == "labels" else "test accuracy"
        return [{"type": "accuracy", "name": name, "value": round(1 - error / 100, 6)}]
    return [] if rmse is None else [{"type": "rmse", "name": "test RMSE (standardised)", "value": round(rmse, 6)}]


def _values(source: Source) -> str:
    samples = source.samples
    if samples.white is not None:
        return f"pixels from 0 to {samples.white:g}"
    return f"the columns {', '.join(samples.columns)}" if samples.columns else "numbers in their own units"


def _method(result: Document | None, config: Document) -> str:
    if result is None:
        return "See the run that it was exported from."
    budget = result.object("budget")
    return (
        f"Method `{result.take('method', str)}` with seed {result.take('seed', int)}: "
        f"{budget.take('steps', int):,} gradient evaluations in all, {budget.take('search', int):,} of them in the "
        f"search; {result.take('parameters', int):,} parameters a network, {result.take('precision', str)}, on "
        f"{result.take('device', str)}. Tiers were chosen on the {result.take('selectedOn', str)} split; the test "
        f"split decided nothing. Data set arguments: `{json.dumps(config.object('dataset').values.get('args'))}`."
    )


def _calibration(source: Source, chosen: Chosen, result: Document | None) -> str:
    if chosen.temperature is None:
        return "\n## Calibration\n\nNo temperature was fitted to its probabilities.\n"
    ensemble = None if result is None else _find(result, "ensembles", chosen.name)
    samples = "validation samples"
    if ensemble is not None and ensemble.maybe("fittedOn", dict) is not None:
        fitted = ensemble.object("fittedOn")
        samples = f"{fitted.take('samples', int):,} {samples}, {fitted.take('mistakes', int):,} of them mistaken"
    return CALIBRATION.format(temperature=chosen.temperature, samples=samples, applied=APPLIED[source.samples.kind])


CALIBRATION = """
## Calibration

A temperature of {temperature:.4g} was fitted to its combined probabilities p on {samples} (above 1, they are
overconfident; fewer than 30 samples, or none mistaken, say little). It is applied on request, as
{applied}: `load_ensemble(".", calibrated=True)`, or `dsptt predict FOLDER --calibrated`;
`config.json` has it as `temperature`.
"""

APPLIED = {"classes": "softmax(log p / temperature)", "labels": "sigmoid(logit(p) / temperature)"}

COLUMNS = (("testErrorPct", "test error %"), ("testLoss", "test loss"), ("testRmse", "test RMSE, standardised"))


def _numbers(chosen: Chosen, result: Document) -> str:
    found = [_find(result, "ensembles", chosen.name), *(_find(result, "members", name) for name in chosen.members)]
    rows = [document for document in found if document is not None]
    columns = [(key, title) for key, title in COLUMNS if any(row.values.get(key) is not None for row in rows)]
    lines = ["| network | " + " | ".join(title for _, title in columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for row in rows:
        values = [row.maybe(key, (int, float)) for key, _ in columns]
        lines.append(f"| {row.take('name', str)} | {' | '.join('' if v is None else f'{v:.4g}' for v in values)} |")
    return "\n".join(lines)


def _find(result: Document, key: str, name: str) -> Document | None:
    return next((document for document in result.objects(key) if document.values.get("name") == name), None)


def _model(source: Source) -> str:
    return source.model.name or source.model.python or ""


def _networks(count: int) -> str:
    return "One network" if count == 1 else f"An ensemble of {count} networks"
