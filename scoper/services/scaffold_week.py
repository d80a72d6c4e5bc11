"""The page that every technique's scaffold has: how to go about it, the first week, when to stop, when to come back."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.approach import Approach, Choice, Entry, Selection
from scoper.domain.decision import UNDECIDED, Verdict
from scoper.domain.questionnaire import Case
from scoper.services.checking import checks_of, short_name
from scoper.services.markdown import code, md

_TITLES = {"rung": "The lowest rung that fits", "sub_type": "What kind of work", "missing": "What is missing first"}
_TEXTS = (("first_week", "First week"), ("kill", "Stop when"), ("climb", "Climb when"), ("come_back", "Come back when"))
_RISKS, _OTHERS = 5, 4


def week_page(case: Case, verdict: Verdict, approach: Approach) -> str:
    """first_week.md: the chosen kind with its reasons, the week, the thresholds, the checks and the risks to watch."""
    technique = verdict.technique.replace("_", " ").replace("llm", "LLM")
    lines = [
        f"# First week: {md(case.title)}",
        "",
        (f"Verdict: {md(technique)}, readiness {_plain(verdict.readiness)}."),
        "",
    ]
    for selection in approach.selections:
        if selection.kind in _TITLES:
            lines += _selection(selection)
    lines += _days(case, verdict)
    lines += _checks(verdict)
    lines += _risks(approach.risks)
    return "\n".join(lines)


def _plain(word: str) -> str:
    return str(md(word.replace("_", " ")))


def _selection(selection: Selection) -> list[str]:
    chosen = selection.choice(selection.chosen)
    title = _TITLES[selection.kind]
    if chosen is None:
        return [f"## {title}", "", "None fits what was answered; look at the reasons in the report.", ""]
    sure = "" if selection.settled else " (as far as the answers tell)"
    lines = [f"## {title}: {md(chosen.name)}{sure}", "", f"{md(chosen.summary)}", ""]
    lines += [f"- Why: {md(ground.text)}" for ground in chosen.why]
    lines += [f"- Against it: {md(ground.text)}" for ground in chosen.why_not if ground.certain]
    for key, name in _TEXTS:
        lines += [f"- {name}: {md(_after(text))}" for text in chosen.texts.get(key, ())]
    lines += [f"- To find out: {md(ask.text)}" for ask in selection.asks]
    others = [other for other in selection.choices if other.id != chosen.id and other.why_not][:_OTHERS]
    if others:
        lines += ["", "Why not the others:", "", *(f"- {md(o.name)}: {md(_against(o))}" for o in others)]
    return [*lines, ""]


def _after(text: str) -> str:
    """A condition without the `When` that the line begins with already."""
    return text.removeprefix("When ")


def _against(choice: Choice) -> str:
    return next((ground.text for ground in choice.why_not if ground.certain), choice.why_not[0].text)


DAYS = {
    "plain_automation": (
        ("Export 200 past cases with all that was known when they were decided.", "200 rows, no empty decision"),
        ("scoper check automation cases.csv: ceiling, rules, drift.", "the ceiling's interval reaches the target"),
        ("Fill in decision_table.csv; scoper rules check until it is clean.", "no gap, no contradiction"),
        ("Run it beside today's way for a day and compare.", "at most one difference in twenty unexplained"),
        ("Agree on exception_policy.md; decide.", "the owner of the queue has signed"),
    ),
    "llm_orchestration": (
        ("Collect 30 real inputs, write for each what is right and what is forbidden.", "two people agree on 16 of 20"),
        ("scoper check llm text-baseline on labelled ones: words and a linear classifier.", "they miss the target"),
        ("Build the lowest rung; eval_harness.py with 4 trials a case.", "pass^4 within reach of the target"),
        ("scoper check llm workflow, tools, cost and load on the files here.", "no blocker, the cost is accepted"),
        ("Try the three worst inputs on purpose; decide.", "nothing forbidden happens in 59 tries"),
    ),
    "supervised_learning": (
        (
            ("Export labelled cases with what was known at the time of the decision."),
            "500 rows, every label with its date",
        ),
        ("scoper check supervised cases.csv: balance, leakage, ceiling, baselines.", "no column leaks"),
        ("Two people label the same 50 cases: scoper check llm agreement.", "they agree as often as the target asks"),
        ("Split by time; the simplest model against the baselines.", "its interval lies above the best baseline"),
        ("Put a price on both kinds of error; decide.", "the model's cost is below today's"),
    ),
    "contextual_bandit": (
        ("Write the log of log_schema.md for one day.", "every decision has a chance above 0"),
        ("scoper check bandit arm-size with your numbers.", "enough decisions within the project"),
        ("Give a small share of decisions to chance.", "each action is taken 30 times"),
        ("scoper check bandit off-policy on the log.", "the weights' mean is 1, no blocker"),
        ("Compare the best policy by DR with today's; decide.", "the gain's interval lies above zero"),
    ),
    "classical_optimisation": (
        ("Write down one past plan with its cost and all limits it kept.", "a program reproduces its cost"),
        ("Put a small instance into plan.csv; scoper check optimisation plan.csv.", "it is solved and proved"),
        ("Today's plan put in: is it allowed, and what does it cost?", "no limit is missing"),
        ("The largest instance of last year within the time allowed.", "gap below what the plan is worth"),
        ("Disturb the inputs as last year did; decide.", "the plan still beats today's"),
    ),
    "not_yet": (
        ("scoper check not-yet case.yaml: what has to be found out first.", "each open question has a person"),
        ("The cheapest of them, with a number as its evidence.", "the answer is written into the case"),
        ("The next one; two people answer apart where judgement decides.", "they give the same answer"),
        ("scoper assess again.", "one technique is left, or fewer than before"),
        ("Decide whether to go on finding out.", "what is still open takes less than the project is worth"),
    ),
}
"""Five days per technique: what to do, and what must be seen to go on. Proposals, to be agreed on before the first."""


def _days(case: Case, verdict: Verdict) -> list[str]:
    unready = verdict.technique == UNDECIDED or verdict.readiness in ("not_yet", "no")
    days = DAYS.get("not_yet" if unready else verdict.technique, DAYS["not_yet"])
    head = ["## Day by day", "", "| Day | Do | Go on when |", "| --- | --- | --- |"]
    rows = [f"| {number} | {md(do)} | {md(go)} |" for number, (do, go) in enumerate(days, start=1)]
    note = "The thresholds are proposals: agree on them before the first day, and stop for good when two are missed."
    return [*head, *rows, "", note, ""]


def _checks(verdict: Verdict) -> list[str]:
    unready = verdict.technique == UNDECIDED or verdict.readiness in ("not_yet", "no")
    wanted = ["not_yet"] if unready else []
    wanted += [verdict.technique] if verdict.technique != UNDECIDED else []
    lines = ["## Offline checks", ""]
    for technique in wanted:
        for check in checks_of(technique):
            command = f"scoper check {short_name(technique)} {check.id.replace('_', '-')}"
            lines.append(f"- {code(command)}: {md(check.question)}")
    return [*lines, ""] if len(lines) > 2 else []


def _risks(entries: Sequence[Entry]) -> list[str]:
    if not entries:
        return []
    lines = ["## Watch for", "", "| Risk | Seen by | Then | Owner |", "| --- | --- | --- | --- |"]
    for entry in entries[:_RISKS]:
        cells = (entry.title, entry.detection, entry.mitigation, entry.owner)
        lines.append("| " + " | ".join(str(md(cell)) for cell in cells) + " |")
    left = len(entries) - _RISKS
    return [*lines, "", *([f"{left} more stand in the report.", ""] if left > 0 else [])]
