"""How a change of what is paid is written: as a term of a declarative spec, or as a wrapper of an environment.

A lever is a part of the reward that can be weighed anew: a term of the spec, a term that step's info tells, or, where
no terms are known, what is paid and what is charged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoper.domain.mdp import EnvironmentSpec, MdpSpec
from scoper.domain.repairs import Proposal, SpecEdit
from scoper.domain.tabular import Floats
from scoper.repairs import Case
from scoper.repairs._wrappers import spec_edits, wrapper

_INFO = "reward = float(reward)"


@dataclass(frozen=True)
class Lever:
    """A part (N,) of the reward. words: what it is called; line: code that gives it, `reward` and `info` being known.

    term: name of a declarative spec's term, empty otherwise.
    """

    words: str
    part: Floats
    term: str = ""
    line: str = ""


def levers(case: Case) -> list[Lever]:
    """The parts of the reward that can be weighed anew; none where the world is not known."""
    trials = case.trials
    if trials is None:
        return []
    if isinstance(case.spec, MdpSpec):
        free = [name for name in case.spec.reward if not _is_wanted(case.spec, name)]
        return [Lever(f"'{name}'", trials.world.terms[name], term=name) for name in free if name in trials.world.terms]
    told = _told(case)
    if told:
        return told
    reward = trials.reward
    return [
        Lever("what is charged", np.minimum(reward, 0.0), line="min(reward, 0.0)"),
        Lever("what is paid", np.maximum(reward, 0.0), line="max(reward, 0.0)"),
    ]


def has_terms(case: Case) -> bool:
    """Whether the reward is known as a sum of terms."""
    return any(lever.term or "info" in lever.line for lever in levers(case))


def pointed_at(case: Case, mends: Sequence[str]) -> tuple[str, Lever] | None:
    """Without an objective: the defect of `mends` that a finding ties to a term, and that term as a lever."""
    for found in case.findings:
        terms = found.evidence.get("terms") or [found.evidence.get("term")]
        if found.defect not in mends or found.severity == "info" or not isinstance(terms, list | tuple):
            continue
        lever = next((lever for lever in levers(case) if lever.words == f"'{terms[-1]}'"), None)
        if lever is not None:
            return str(found.defect), lever
    return None


def weighed(
    case: Case, repair: str, defect: str, lever: Lever, factor: float, words: str, share: float | None
) -> Proposal:
    """The proposal in which a lever counts `factor` times; 0 drops it."""
    if isinstance(case.spec, MdpSpec):
        term = case.spec.reward[lever.term]
        gone = factor == 0.0 and len(case.spec.reward) > 1
        text = None if gone else json.dumps(f"{factor:g} * ({term})", ensure_ascii=False)
        edits: tuple[SpecEdit, ...] = (SpecEdit(path=("reward", lever.term), text=text),)
        return Proposal(repair=repair, defect=defect, words=words, edits=edits, expected=share)
    lines = [_INFO, f"reward += {factor - 1.0:g} * ({lever.line})"]
    return wrapped(case.spec, repair, defect, words, step=lines, expected=share)


def added(
    case: Case, repair: str, defect: str, name: str, expression: str, lines: Sequence[str], words: str, share: float
) -> Proposal:
    """The proposal that adds a term: `expression` in a declarative spec, `lines` in a wrapper's step."""
    if isinstance(case.spec, MdpSpec):
        free = _free_name(case.spec, name)
        edits = (SpecEdit(path=("reward", free), text=json.dumps(expression, ensure_ascii=False)),)
        return Proposal(repair=repair, defect=defect, words=words, edits=edits, expected=share)
    return wrapped(case.spec, repair, defect, words, step=[_INFO, *lines], expected=share)


def wrapped(
    spec: EnvironmentSpec,
    repair: str,
    defect: str,
    words: str,
    *,
    init: Sequence[str] = (),
    reset: Sequence[str] = (),
    before: Sequence[str] = (),
    step: Sequence[str] = (),
    expected: float | None = None,
) -> Proposal:
    """The proposal of a wrapper around the environment."""
    title = words[:1].upper() + words[1:] + "."
    text = wrapper(spec, repair, title, init=init, reset=reset, before=before, step=step)
    edits = spec_edits(spec, repair)
    return Proposal(repair=repair, defect=defect, words=words, edits=edits, wrapper=text, expected=expected)


def in_next(spec: MdpSpec, expression: str) -> str:
    """An expression over the state after the step, told in the names that a reward sees."""
    names = "|".join(re.escape(name) for name in spec.state)
    return re.sub(rf"(?<![\w.])({names})(?!\w)", r"next_\1", expression)


def _is_wanted(spec: MdpSpec, term: str) -> bool:
    """Whether the objective is told with the term, so that a change of the one would change the other."""
    said = spec.objective.expression if spec.objective else None
    return bool(said and re.search(rf"(?<![\w.]){re.escape(term)}(?!\w)", said))


def _free_name(spec: MdpSpec, name: str) -> str:
    taken = {*spec.state, *spec.actions, *spec.exogenous, *spec.reward, *spec.tables}
    return name if name not in taken else next(f"{name}_{i}" for i in range(2, 99) if f"{name}_{i}" not in taken)


def _told(case: Case) -> list[Lever]:
    """The terms that step's info tells, with the code that reads each."""
    trials, model, found = case.trials, case.evidence.model, []
    if trials is None or model is None:
        return []
    for name, part in trials.world.terms.items():
        key = next((key for key in model.steps.told if key.rpartition(".")[2] == name), None)
        if key is None:
            return []
        group, _, last = key.rpartition(".")
        read = f"info.get({group!r}, {{}}).get({last!r}, 0.0)" if group else f"info.get({last!r}, 0.0)"
        told = np.nan_to_num(model.steps.told[key])
        sign = "-" if float(told @ per_step(case, name)) < 0.0 else ""
        found.append(Lever(f"'{name}'", part, line=f"{sign}{read}"))
    return found


def per_step(case: Case, name: str) -> Floats:
    """(n,) a told term in the timesteps of the model, with the sign it has in the reward."""
    from scoper.diagnostics._terms import terms_of_steps

    assert case.evidence.model is not None
    return terms_of_steps(case.evidence.model.steps)[name]
