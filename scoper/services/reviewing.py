"""What the reward asks for, told step by step, and the owner's yes or no on it, kept in the spec and in the case.

The traces are those of a probe of this very spec; of a spec with arrays they are worked out at once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scoper.domain.certificates import EpisodeTrace, TraceStep, digest_of
from scoper.domain.mdp import MdpSpec
from scoper.domain.numbers import number
from scoper.domain.probe import ProbePlan, ProbeResult, ReplayPlan
from scoper.domain.questionnaire import Answer, Question
from scoper.domain.text import clean, one_line
from scoper.domain.wanted import Verification, Wanted
from scoper.errors import Problem, UsageError
from scoper.services import cases
from scoper.services.assembling import read_result
from scoper.services.cases import CaseFile
from scoper.services.other_files import read_wanted
from scoper.services.replaying import plan_of, replayed
from scoper.services.results import load_result
from scoper.services.spec_verified import record
from scoper.services.specs import parse_spec
from scoper.services.trust import flag

SIGNAL = "reward_measurable"
"""The question of a case that an answer on traces is evidence for."""
_MOST_LINES, _LONGEST_LOOP = 28, 8
_LOOKED = "looked at what earns the most reward"


@dataclass(frozen=True)
class Shown:
    """The spec in a file and the traces of what earns the most reward under it, with the digest of these."""

    path: Path
    text: str
    name: str
    traces: tuple[EpisodeTrace, ...]
    digest: str
    present: Verification | None


def traces_of(path: Path, result: Path | None = None) -> Shown | ProbePlan:
    """The traces of the spec in `path`: those in `result` or in the result.json beside it, if they are of this spec.

    Without them the plan that tells them, for `told`. Raises UsageError where only a probe can: of an environment.
    """
    text = read_wanted(path, "spec")
    spec = parse_spec(text, str(path), path.parent)
    known = read_result(result) if result is not None else load_result(path)
    if known is not None and known.traces and _is_of(known, text, path):
        return _shown(path, text, spec.name, known.traces, spec.wanted)
    if isinstance(spec, MdpSpec):
        return plan_of((text, str(path), path.parent), ReplayPlan(show=True))
    why = "there is no result of this spec with traces"
    remedy = f"scoper probe {path}{flag(spec)} -o result.json, then scoper review {path} --result result.json"
    raise UsageError(Problem("review-result", why, str(path), remedy=remedy))


def told(path: Path, plan: ProbePlan) -> Shown:
    """The traces that the plan tells, from its child process; raises as a probe does, UsageError without any."""
    _, traces = replayed(plan)
    if not traces:
        remedy = f"scoper probe {path}{flag(plan.spec)} -o result.json, then --result result.json"
        raise UsageError(Problem("review-result", "this spec has no arrays to solve", str(path), remedy=remedy))
    return _shown(path, plan.spec_text, plan.spec.name, traces, plan.spec.wanted)


def _shown(path: Path, text: str, name: str, traces: tuple[EpisodeTrace, ...], wanted: Wanted) -> Shown:
    return Shown(path, text, name, traces, digest_of(traces), wanted.verified)


def _is_of(result: ProbeResult, text: str, path: Path) -> bool:
    """Whether the result measured this text, whatever answer on traces it holds."""
    from scoper.services.specs import spec_digest

    measured = result.spec.get("digest")
    return measured in (spec_digest(text, path.parent), _without_answer(text, path))


def _without_answer(text: str, path: Path) -> str:
    """The digest of the spec as it was before an answer was added to it."""
    from scoper.services.specs import spec_digest
    from scoper.services.strict_yaml import parse, to_python

    document = to_python(parse(text, str(path)))
    if isinstance(document, dict) and isinstance(document.get("objective"), dict):
        rest = {key: value for key, value in document["objective"].items() if key != "verified"}
        document = {key: value for key, value in document.items() if key != "objective"}
        document |= {"objective": rest} if rest else {}
    return spec_digest(json.dumps(document), path.parent)


def lines_of(trace: EpisodeTrace, most: int = _MOST_LINES) -> list[str]:
    """A trace in words, one timestep a line, what repeats told once: at most about `most` lines."""
    rows = [f"{step.state or 'state not told'}: {step.action}; reward {number(step.reward)}" for step in trace.steps]
    lines: list[str] = []
    totals, at = _totals(trace.steps), 0
    while at < len(rows) and len(lines) < most:
        period, times = _loop(rows, at)
        lines += [f"{n + 1:>5}  {rows[n]}, {number(totals[n])} so far" for n in range(at, at + period)]
        at += period * times
        if times > 1:
            what = "this timestep is repeated" if period == 1 else f"these {period} timesteps are repeated"
            lines.append(f"       ({what}, {times} times in all, to timestep {at}: {number(totals[at - 1])} so far)")
    if at < trace.length:
        lines.append(f"       ... {trace.length - at} more timesteps")
    end = "terminated" if trace.terminated else "truncated by the time limit" if trace.truncated else "left there"
    closing = f"       {trace.last}; " if trace.last else "       "
    wanted = "" if trace.objective is None else f", objective {number(trace.objective)}"
    return [*lines, f"{closing}{end} after {trace.length} timesteps: reward {number(trace.total_reward)}{wanted}"]


def _loop(rows: Sequence[str], at: int) -> tuple[int, int]:
    """The period and number of times of what repeats from `at` on: the one that covers most; (1, 1) for none."""
    best = (1, 1)
    for period in range(1, _LONGEST_LOOP + 1):
        times = 1
        while rows[at : at + period] == rows[at + times * period : at + (times + 1) * period] and (
            at + (times + 1) * period <= len(rows)
        ):
            times += 1
        if times > 1 and period * times > best[0] * best[1] + (0 if best == (1, 1) else period - 1):
            best = (period, times)
    return best if best[1] > 1 else (1, 1)


def _totals(steps: Sequence[TraceStep]) -> list[float]:
    total, totals = 0.0, []
    for step in steps:
        total += step.reward
        totals.append(total)
    return totals


def answered(shown: Shown, answer: bool, by: str = "", note: str = "") -> Verification:
    """Keep the answer on `shown` in its spec; returns what was written. Raises StorageError when the file changed."""
    said = Verification(answer=answer, by=one_line(by), note=one_line(clean(note)), shown=shown.digest)
    record(shown.path, shown.text, said)
    return said


def answers_with(present: Sequence[Answer], said: Verification) -> tuple[Answer, ...]:
    """The answers on the reward with the one on traces beside those of others.

    A yes confirms that the reward serves the goal; a no leaves at most a proxy of it, which is `partly`.
    """
    words = "wants" if said.answer else "does not want"
    evidence = f"{said.by or 'the owner'} {_LOOKED} (traces {said.shown}) and {words} it"
    evidence += f": {said.note}" if said.note else ""
    new = Answer(answer="yes" if said.answer else "partly", evidence=evidence, by=said.by or None)
    others = (each for each in present if (each.by or "") != said.by and _LOOKED not in (each.evidence or ""))
    return (*others, new)


def keep_in_case(file: CaseFile, said: Verification, questions: Mapping[str, Question]) -> CaseFile:
    """The case with the answer on traces as evidence for its answer on the reward; saved when this returns.

    Without such a question in the rules the case stays as it is.
    """
    if SIGNAL not in questions:
        return file
    return cases.set_answer(file, SIGNAL, answers_with(file.case.answers.get(SIGNAL, ()), said), questions)
