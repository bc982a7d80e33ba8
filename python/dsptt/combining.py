"""Combination of the members' answers, and its temperature. ``src/ensemble/combine.ts`` does the same for a run's own
numbers."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from dsptt_worker.task_kind import TaskKind

RULES = ("meanSoftmax", "meanSigmoid", "majorityVote", "mean", "validationWeighted")
MEANS: dict[TaskKind, str] = {"classes": "meanSoftmax", "labels": "meanSigmoid", "numbers": "mean"}
"""Rules of the mean, in which all members weigh the same."""
LEAST_ABSENT = 2.0**-25  # what rounds to 0 beside a probability in float32: the least that a label's absence counts as
SMALLEST = 2.0**-149  # the smallest float32 above 0: what a probability rounded to 0 counts as
TIE_BREAK = 1e-3  # combine.ts has a millionth, which float32 would lose


def combine(answers: Tensor, parts: Tensor, rule: str) -> Tensor:
    """Combines members' answers [members, batch, outputs] with parts [members], which add up to 1, into one answer
    [batch, outputs].

    ``majorityVote``: each class's share of the votes, where the mean probabilities count as one more vote of a
    thousandth's weight, so that they break ties; any other rule: the mean.
    """
    parts = parts.to(answers.dtype)
    mean = torch.einsum("mbo,m->bo", answers, parts)
    if rule != "majorityVote":
        return mean
    votes = functional.one_hot(answers.argmax(2), answers.shape[2]).to(answers.dtype)
    return (torch.einsum("mbo,m->bo", votes, parts) + TIE_BREAK * mean) / (1 + TIE_BREAK)


def decisions(logits: Tensor) -> Tensor:
    """Returns the decisions of labels as those between two classes, absent and present: probabilities [batch * labels,
    2] of logits [batch, labels]. Both are computed from the logits: beside a probability near 1, the other would be
    lost."""
    logits = logits.flatten()
    return torch.stack([torch.sigmoid(-logits).clamp_min(LEAST_ABSENT), torch.sigmoid(logits)], 1)


def at_temperature(probabilities: Tensor, temperature: float) -> Tensor:
    """Returns probabilities [batch, classes] after a temperature: softmax(log p / T), in 64 bits as a run measures
    them."""
    logs = probabilities.double().clamp_min(SMALLEST).log()
    return torch.softmax(logs / temperature, 1).to(probabilities.dtype)
