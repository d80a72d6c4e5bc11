"""What has to be measured before anything is built: the open questions that matter, and how to find out."""

from __future__ import annotations

from scoper.checks import Check, Given, Input, discover
from scoper.checks._case import Scoped
from scoper.checks._shapes import has_keys
from scoper.domain.checks import Fault, Listing, Outcome, Quantity
from scoper.domain.decision import NextQuestion
from scoper.domain.numbers import share
from scoper.domain.text import shown
from scoper.numerics.proportions import trials_needed

_EFFORT = {"minutes": 0, "days": 1, "weeks": 2}
_CASES = 50


def run(given: Given) -> Outcome:
    """The questions whose answers can change the verdict, the cheapest first among the most telling."""
    scoped = given.inputs["case"]
    assert isinstance(scoped, Scoped)
    verdict = scoped.verdict
    open_ = [item for item in verdict.next_questions if item.signal in scoped.questions]
    order = sorted(open_, key=lambda item: (_matters(item), _EFFORT.get(item.effort or "days", 1), -item.gain))
    quantities = (
        Quantity(name="techniques still possible", value=float(len(verdict.possible)), basis="proved"),
        Quantity(name="open questions that can change the verdict", value=float(len(order)), basis="proved"),
        Quantity(
            name="passing cases in a row that show 95 % at 95 % confidence",
            value=float(trials_needed(0.95, 0.95)),
            unit="cases",
            basis="proved",
            words=(
                f"What measuring a rate takes; {_CASES} cases that two people decide apart tell "
                "whether a rule is there."
            ),
        ),
    )
    bare = [s for s, answers in scoped.case.answers.items() if not any(a.evidence for a in answers)]
    title = shown(scoped.case.title, 60)
    technique = verdict.technique.replace("_", " ").replace("llm", "LLM")
    if verdict.settled and verdict.readiness in ("go", "go_if"):
        headline = f"{title}: nothing has to be measured to choose {technique}; conditions stand in the report."
    elif order:
        first = scoped.questions[order[0].signal]
        headline = (
            f"{title}: find out first whether {first.id.replace('_', ' ')} ({first.effort}); "
            "it tells most for its cost."
        )
    else:
        headline = (
            f"{title}: no open answer changes the technique; the readiness is '{verdict.readiness.replace('_', ' ')}'."
        )
    return Outcome(
        headline=headline,
        quantities=quantities,
        listings=(*_questions(order, scoped), *_conditions(scoped)),
        faults=_faults(scoped, bare),
    )


def _matters(item: NextQuestion) -> int:
    return {"technique": 0, "family": 1, "conditions": 2}.get(item.matters or "technique", 0)


def _questions(order: list[NextQuestion], scoped: Scoped) -> tuple[Listing, ...]:
    informing = {s: f"{check.technique}/{check.id}" for check in discover()[0] for s in check.informs}
    rows = []
    for item in order:
        question = scoped.questions[item.signal]
        change = share(item.may_change) if item.may_change is not None else "-"
        check = informing.get(item.signal, "-")
        how = question.find_out or question.why
        rows.append((item.signal, question.effort, change, shown(how, 200), check.split("/")[-1].replace("_", "-")))
    if not rows:
        return ()
    header = ("find out", "effort", "changes the verdict alone", "how", "check that measures it")
    return (Listing(title="In this order", header=header, rows=tuple(rows)),)


def _conditions(scoped: Scoped) -> tuple[Listing, ...]:
    rows = tuple((shown(text, 200),) for text in scoped.verdict.conditions)
    return (Listing(title="Conditions of the verdict", header=("condition",), rows=rows),) if rows else ()


def _faults(scoped: Scoped, bare: list[str]) -> tuple[Fault, ...]:
    found = []
    if scoped.verdict.readiness in ("not_yet", "no"):
        claim = f"the verdict's readiness is '{scoped.verdict.readiness.replace('_', ' ')}': do not build yet"
        remedy = "measure what is listed, then assess again"
        found.append(Fault(code="not_yet", severity="caution", claim=claim, source=scoped.source, remedy=remedy))
    if bare:
        claim = f"{len(bare)} answers have no evidence: {', '.join(sorted(bare)[:5])}"
        remedy = "write down what each rests on, with a number where there is one"
        found.append(Fault(code="no_evidence", severity="info", claim=claim, source=scoped.source, remedy=remedy))
    return tuple(found)


CHECK = Check(
    id="measure_first",
    technique="not_yet",
    summary=(
        "The open questions that can change the verdict, the cheapest way to find out, and the check that measures it."
    ),
    question="What has to be measured before anything is built?",
    inputs=(Input("case", "case", "a case file"),),
    run=run,
    formula=(
        "Open questions in the order of what they can change (technique, family, conditions), then "
        "effort, then expected "
        "information in bits over all completions of the unknown answers. Cases for a rate: Clopper and Pearson."
    ),
    source="own; value of information as in Howard (1966); Clopper and Pearson (1934)",
    shows_not="that the answers that were given are right.",
    whole=True,
    fits=has_keys(("scoper", "answers"), ("scoper", "title")),
    example="not-yet measure-first case.yaml",
)
