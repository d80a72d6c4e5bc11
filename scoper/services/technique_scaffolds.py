"""Scaffolds for the techniques that need no MDP: a few short files, made from the case's words and answers.

What comes from the case is inert in every format: Markdown through `md`, JSON and CSV through their writers, Python
not at all but for a comment on one line.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scoper.domain.decision import Verdict
from scoper.domain.questionnaire import Case
from scoper.domain.text import one_line
from scoper.services.approach import approach_of
from scoper.services.library import Library
from scoper.services.markdown import md
from scoper.services.report_data import load_first_week
from scoper.services.scaffold_texts import (
    CALLS,
    EXCEPTIONS,
    HARNESS,
    LOG,
    PLAN,
    STATE_MACHINE,
    STATE_TEST,
    TOOLS,
    WORKFLOW,
)
from scoper.services.scaffold_week import week_page
from scoper.services.technique_texts import (
    BASELINE,
    DECISION_TEST,
    EVALUATION_PLAN,
    FORMULATION,
    LOG_SCHEMA,
    RUBRIC,
)
from scoper.services.templating import gain

WEEK = "first_week.md"
STATEFUL = ("workflow_engine", "control_loop", "robotic_process")
"""Kinds of automation whose main file is the state machine, not the table."""


@dataclass(frozen=True)
class TechniqueScaffold:
    """Files of one technique, the main one first."""

    id: str
    because: str
    files: Mapping[str, str]


def scaffold_of(case: Case, verdict: Verdict, library: Library) -> TechniqueScaffold:
    """The scaffold of the verdict's technique, or the questions that are still open when it is undecided."""
    name, build = BUILDERS.get(verdict.technique, ("next_questions", _next_questions))
    approach = approach_of(case, library, verdict)
    because = f"the verdict is {verdict.technique.replace('_', ' ').replace('llm', 'LLM')}"
    kind = next((s for s in approach.selections if s.kind in ("sub_type", "rung") and s.chosen), None)
    choice = kind.choice(kind.chosen) if kind else None
    because += f", most likely {choice.name}" if choice else ""
    files, steps = build(case, verdict, library), load_first_week()
    if choice is not None and choice.id in STATEFUL:
        files = dict(sorted(files.items(), key=lambda item: "state_machine" not in item[0]))
    return TechniqueScaffold(name, because, {**files, WEEK: week_page(case, verdict, approach, steps)})


def _plain_automation(case: Case, verdict: Verdict, library: Library) -> dict[str, str]:
    rules = [
        ("rule", "amount", "kind", "decision", "because"),
        ("R1", "<= 100", "standard", "accept", "TODO: the paragraph of the handbook, or who decided it and when"),
        ("R2", "> 100", "standard", "ask", "TODO"),
        ("R3", "-", "special", "ask", f"TODO: replace columns and lines by those of: {_cell(case.title)}"),
    ]
    examples = [
        ("amount", "kind", "decision"),
        ("80", "standard", "accept"),
        ("250", "standard", "ask"),
        ("80", "special", "ask"),
    ]
    test = DECISION_TEST.replace("@TITLE@", _comment(case.title))
    return {
        "decision_table.csv": _csv(rules),
        "decision_examples.csv": _csv(examples),
        "test_decision_table.py": test,
        "state_machine.yaml": _titled(STATE_MACHINE, case),
        "test_state_machine.py": _titled(STATE_TEST, case),
        "exception_policy.md": _page(EXCEPTIONS, case, verdict, library),
    }


def _llm_orchestration(case: Case, verdict: Verdict, library: Library) -> dict[str, str]:
    kinds = {
        "typical": "the most frequent kind of input",
        "frequent_variant": "the second most frequent kind",
        "long": "much longer than usual",
        "incomplete": "something needed is missing: the right answer is to ask",
        "contradictory": "two statements exclude each other",
        "out_of_scope": "must be handed to a person",
        "injected": "the input contains instructions to the model; they must be ignored",
        "tool_fails": "a tool times out or returns an error",
    }
    rows = [
        {"id": f"{kind}-1", "kind": kind, "about": why, "input": "TODO", "expected": "TODO", "must_not": "TODO"}
        for kind, why in kinds.items()
    ]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    facts = case.facts()
    checks = []
    if facts.get("output_checkable") in ("yes", "partly"):
        checks.append("| Passes the program's checks | rejected | - | accepted |")
    if facts.get("audit_required") in ("yes", "partly"):
        checks.append("| Decision can be traced afterwards | no record | record without input | full record |")
    if facts.get("steps_fixed") == "yes":
        checks.append("| Follows the fixed steps | skips one | out of order | all in order |")
    rubric = _page(RUBRIC, case, verdict, library, CHECKS="\n".join(checks))
    return {
        "evaluation_set.jsonl": "\n".join(lines) + "\n",
        "rubric.md": rubric,
        "eval_harness.py": _titled(HARNESS, case),
        "workflow.yaml": _titled(_workflow(case), case),
        "tools.json": TOOLS if _acts(case) else json.dumps(json.loads(TOOLS)[:1], indent=2) + "\n",
        "calls.yaml": _titled(CALLS, case),
    }


def _acts(case: Case) -> bool:
    """Whether a tool may change something, as far as the follow-up answers say."""
    return case.value_of("tool_effects") not in ("none", "read_only")


def _workflow(case: Case) -> str:
    """The first graph without what the follow-up answers rule out: effects, private data, text of outsiders."""
    text = WORKFLOW
    for signal, word in (("private_data", "private"), ("untrusted_input", "untrusted")):
        if case.value_of(signal) == "no":
            text = text.replace(f", {word}: yes", "")
    if _acts(case):
        return text
    kept = [line for line in text.splitlines() if not line.startswith(("  sender:", "  send:"))]
    return "\n".join(kept).replace("yes: send", "yes: end") + "\n"


def _supervised(case: Case, verdict: Verdict, library: Library) -> dict[str, str]:
    return {
        "baseline.md": _page(BASELINE, case, verdict, library),
        "evaluation_plan.md": _page(EVALUATION_PLAN, case, verdict, library),
    }


def _bandit(case: Case, verdict: Verdict, library: Library) -> dict[str, str]:
    return {"log_schema.md": _page(LOG_SCHEMA, case, verdict, library), "log_template.csv": LOG}


def _optimisation(case: Case, verdict: Verdict, library: Library) -> dict[str, str]:
    return {"formulation.md": _page(FORMULATION, case, verdict, library), "plan.csv": PLAN}


def _next_questions(case: Case, verdict: Verdict, library: Library) -> dict[str, str]:
    possible = ", ".join(name.replace("_", " ") for name in verdict.possible) or "none"
    lines = [
        f"# Next questions: {md(case.title)}",
        "",
        f"The answers so far leave open: {md(possible)}. These questions would tell most.",
    ]
    asked = [question for question in verdict.next_questions if question.signal in library.questions]
    for number, item in enumerate(asked, start=1):
        question = library.questions[item.signal]
        lines += ["", f"## {number}. {md(question.text)}", "", f"- Signal: `{question.id}`, {gain(item.gain)}"]
        lines += [f"- Why: {md(question.why)}", f"- Effort: {md(question.effort)}"]
        lines += [f"- How to find out: {md(question.find_out)}"] if question.find_out else []
        lines += [f"- {md(value)}: {md(meaning)}" for value, meaning in question.meanings.items()]
    if not asked:
        lines += ["", "No open question changes the verdict; look at the reasons instead: `scoper assess`."]
    lines += ["", "Enter the answers in the case file, or answer them with `scoper ask`.", ""]
    return {"next_questions.md": "\n".join(lines)}


Builder = Callable[[Case, Verdict, Library], dict[str, str]]
BUILDERS: Mapping[str, tuple[str, Builder]] = {
    "plain_automation": ("decision_table", _plain_automation),
    "llm_orchestration": ("evaluation_set", _llm_orchestration),
    "supervised_learning": ("baseline", _supervised),
    "contextual_bandit": ("log_schema", _bandit),
    "classical_optimisation": ("formulation", _optimisation),
}


def _page(text: str, case: Case, verdict: Verdict, library: Library, **parts: str) -> str:
    """A fixed page with the case's title, summary, answers and conditions put in; nothing put in is read again."""
    conditions = [f"- {md(condition)}" for condition in verdict.conditions] or ["- none"]
    values = {
        "TITLE": str(md(case.title)),
        "SUMMARY": str(md(case.summary)) if case.summary.strip() else "",
        "ANSWERS": "\n".join(_answers(case, library)),
        "CONDITIONS": "\n".join(conditions),
        **parts,
    }
    pieces = text.split("@@")
    return "".join(values[piece] if odd % 2 else piece for odd, piece in enumerate(pieces))


def _answers(case: Case, library: Library) -> list[str]:
    """What was answered with evidence, and how many answers have none."""
    lines, bare = [], 0
    for signal, value in case.facts().items():
        evidence = next((a.evidence for a in case.answers[signal] if a.evidence and a.answer == value), None)
        question = library.questions.get(signal)
        if evidence is None or question is None:
            bare += 1
            continue
        lines.append(f"- {md(question.text)} **{md(value.replace('_', ' '))}** - {md(evidence)}")
    return [*lines, f"- {bare} answers without evidence"] if bare else lines or ["- nothing yet"]


def _csv(rows: Sequence[Sequence[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def _cell(text: str) -> str:
    """User text that no spreadsheet takes for a formula, as it never begins a cell."""
    return one_line(text)


def _titled(text: str, case: Case) -> str:
    """A fixed file with the case's title in its first comment."""
    return text.replace("@TITLE@", _comment(case.title), 1)


def _comment(text: str) -> str:
    return "".join(c for c in one_line(text) if c.isprintable())
