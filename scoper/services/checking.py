"""The offline checks as a use case: find one, run it, hand back its result as a value and as JSON; offer answers.

A result writes nothing. What it speaks for can be offered to a case (`offers`), which `scoper.services.feedback` then
takes over as it does with the offers of a probe.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scoper.checks import Check, discover
from scoper.domain.checks import CHECK_FORMAT, CHECK_TECHNIQUES, CheckResult
from scoper.domain.questionnaire import Case, Question
from scoper.errors import Problem, UsageError, did_you_mean
from scoper.services.check_inputs import file_digest, given_for
from scoper.services.feedback import Offer, offers_of
from scoper.services.measured_answers import Proposal

SHORT: Mapping[str, str] = {
    "llm": "llm_orchestration",
    "automation": "plain_automation",
    "supervised": "supervised_learning",
    "bandit": "contextual_bandit",
    "optimisation": "classical_optimisation",
    "not-yet": "not_yet",
}
"""How the command line calls the techniques."""


def short_name(technique: str) -> str:
    """The command line's word for a technique."""
    return next(short for short, full in SHORT.items() if full == technique)


def command_of(check: Check) -> str:
    """`scoper check TECHNIQUE CHECK`."""
    return f"scoper check {short_name(check.technique)} {check.id.replace('_', '-')}"


def checks_of(technique: str | None = None) -> tuple[Check, ...]:
    """All checks, or those of a technique, in the order of techniques and ids."""
    found, _ = discover()
    order = CHECK_TECHNIQUES.index
    kept = [check for check in found if technique in (None, check.technique)]
    return tuple(sorted(kept, key=lambda check: (order(check.technique), check.id)))


def whole_checks(technique: str) -> tuple[Check, ...]:
    """The checks that run on a technique's main file alone, one after the other."""
    return tuple(check for check in checks_of(technique) if check.whole)


def check_named(name: str, technique: str | None = None) -> Check:
    """The check with this id (dashes may stand for underscores); raises UsageError with the nearest spelling."""
    known = {check.id: check for check in checks_of(technique)}
    found = known.get(name.replace("-", "_"))
    if found is None:
        remedy = did_you_mean(name, known)
        raise UsageError(Problem("check-unknown", f"there is no check '{name}'", remedy=remedy))
    return found


def run_check(
    check: Check, files: Mapping[str, Path], words: Mapping[str, Any], rules: Path | None = None
) -> CheckResult:
    """The result of a check on these files and entered values.

    Raises UsageError for what was entered wrongly, InputError for what a file holds wrongly, each with every problem.
    """
    given = given_for(check, files, words, rules)
    outcome = check.run(given)
    return CheckResult(
        check=check.id,
        technique=check.technique,
        question=check.question,
        outcome=outcome,
        formula=check.formula,
        source=check.source,
        shows_not=check.shows_not,
        inputs={str(path): file_digest([path]) for path in files.values()},
        settings={name: value for name, value in given.values.items() if value is not None},
        reads_answers=check.reads_answers,
    )


def document(
    technique: str, results: Sequence[CheckResult], not_run: Sequence[tuple[Check, str]] = ()
) -> dict[str, Any]:
    """The JSON of one call: all numbers finite or null. not_run: checks that a file is not for, with the reason."""
    return {
        "format": CHECK_FORMAT,
        "technique": technique,
        "results": [finite(result.model_dump(mode="json")) for result in results],
        **({"not_run": [{"check": check.id, "why": why} for check, why in not_run]} if not_run else {}),
    }


def finite(value: Any) -> Any:
    """The value with None for every number that JSON cannot hold."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def offers(case: Case, results: Sequence[CheckResult], questions: Mapping[str, Question]) -> tuple[Offer, ...]:
    """The answers that the results speak for and the case does not hold yet; the first result that speaks counts.

    A result whose figures leave the case's answer standing offers nothing in its place.
    """
    found: dict[str, Proposal] = {}
    for result in results:
        for said in result.outcome.speaks:
            if said.also and case.value_of(said.signal) in said.also:
                continue
            words = f"scoper check {short_name(result.technique)} {result.check.replace('_', '-')}: {said.words}"
            proposal = Proposal(signal=said.signal, answer=said.answer, basis=said.basis, words=words)
            found.setdefault(said.signal, proposal)
    return offers_of(case, tuple(found.values()), questions)
