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

from scoper.domain.approach import Selection
from scoper.domain.decision import Verdict
from scoper.domain.questionnaire import Case
from scoper.domain.text import one_line
from scoper.services.approach import approach_of
from scoper.services.kind_scaffolds import KindScaffold, kind_scaffold, selection_of, shared_text
from scoper.services.library import Library
from scoper.services.markdown import md
from scoper.services.report_data import load_first_week
from scoper.services.scaffold_filling import commented, page
from scoper.services.scaffold_texts import (
    CALLS,
    EXCEPTIONS,
    HARNESS,
    LOG,
    STATE_MACHINE,
    STATE_TEST,
    WORKFLOW,
)
from scoper.services.scaffold_tools import contracts_for, graph_for
from scoper.services.scaffold_week import week_page
from scoper.services.technique_texts import (
    BASELINE,
    DECISION_TEST,
    EVALUATION_PLAN,
    FORMULATION,
    LOG_RULES,
    LOG_RULES_RECORDS_ONLY,
    LOG_SCHEMA,
    RUBRIC,
)
from scoper.services.templating import gain

WEEK = "first_week.md"


@dataclass(frozen=True)
class TechniqueScaffold:
    """Files of one technique or of its settled kind, the main one first; `spec` asks for an MDP spec besides."""

    id: str
    because: str
    files: Mapping[str, str]
    spec: bool = False


def scaffold_of(case: Case, verdict: Verdict, library: Library) -> TechniqueScaffold:
    """The scaffold of the verdict's technique, or the questions that are still open when it is undecided."""
    name, build = BUILDERS.get(verdict.technique, ("next_questions", _next_questions))
    approach = approach_of(case, library, verdict)
    because = f"the verdict is {verdict.technique.replace('_', ' ').replace('llm', 'LLM')}"
    files, packs = build(case, verdict, library), [root for root, _ in library.roots]
    kind, selection = kind_scaffold(approach, verdict.technique, packs), selection_of(approach, verdict.technique)
    chosen = selection.choice(kind.id) if kind is not None and selection is not None else None
    if kind is not None and chosen is not None:
        name, because = kind.id, f"{because}, and what is answered settles on {chosen.name}: {kind.drafts.rstrip('.')}"
        files = {each: _of_kind(kind, each, files, case, verdict, library) for each in kind.files}
    else:
        because += _unsettled(selection)
    week = week_page(case, verdict, approach, load_first_week(), packs, files)
    return TechniqueScaffold(name, because, {**files, WEEK: week}, spec=kind is not None and kind.spec)


def _of_kind(
    kind: KindScaffold, name: str, common: Mapping[str, str], case: Case, verdict: Verdict, library: Library
) -> str:
    graph = kind.text("workflow.yaml")
    if name == "tools.json" and graph is not None and kind.text(name) is None:
        return contracts_for(graph_for(graph, case))
    text = kind.text(name)
    if text is None:
        return common[name]
    if name == "workflow.yaml":
        text = graph_for(text, case)
    return page(text, case, verdict, library) if name.endswith(".md") else commented(text, case, verdict, library)


def _unsettled(selection: Selection | None) -> str:
    """That the files are those of every kind, and which answers would tell the kind."""
    choice = selection.choice(selection.chosen) if selection is not None else None
    if selection is None or choice is None:
        return ""
    asks = ", ".join(ask.id for ask in selection.asks)
    answers = "the answer" if len(selection.asks) == 1 else "answers"
    could = f"; {answers} to {asks} could settle the kind, and with it the files" if asks else ""
    return f", most likely {choice.name}{could}"


def _plain_automation(case: Case, verdict: Verdict, library: Library) -> dict[str, str]:
    rules = [
        ("amount", "kind", "-> decision", "# because"),
        ("<= 100", "standard", "accept", "TODO: the paragraph of the handbook, or who decided it and when"),
        ("> 100", "standard", "ask", "TODO"),
        ("-", "special", "ask", f"TODO: replace columns and lines by those of: {_cell(case.title)}"),
    ]
    examples = [
        ("amount", "kind", "decision"),
        ("80", "standard", "accept"),
        ("250", "standard", "ask"),
        ("80", "special", "ask"),
    ]
    return {
        "decision_table.csv": _csv(rules),
        "decision_examples.csv": _csv(examples),
        "test_decision_table.py": commented(DECISION_TEST, case, verdict, library),
        "state_machine.yaml": commented(STATE_MACHINE, case, verdict, library),
        "test_state_machine.py": commented(STATE_TEST, case, verdict, library),
        "exception_policy.md": page(EXCEPTIONS, case, verdict, library),
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
    rubric = page(RUBRIC, case, verdict, library, CHECKS="\n".join(checks))
    return {
        "evaluation_set.jsonl": "\n".join(lines) + "\n",
        "rubric.md": rubric,
        "eval_harness.py": commented(HARNESS, case, verdict, library),
        "workflow.yaml": commented(graph_for(WORKFLOW, case), case, verdict, library),
        "tools.json": contracts_for(graph_for(WORKFLOW, case)),
        "calls.yaml": commented(CALLS, case, verdict, library),
        "labelled_twice.csv": shared_text("labelled_twice.csv"),
        "labelled_texts.csv": shared_text("labelled_texts.csv"),
    }


def _supervised(case: Case, verdict: Verdict, library: Library) -> dict[str, str]:
    return {
        "baseline.md": page(BASELINE, case, verdict, library),
        "evaluation_plan.md": page(EVALUATION_PLAN, case, verdict, library),
    }


def _bandit(case: Case, verdict: Verdict, library: Library) -> dict[str, str]:
    rules = LOG_RULES_RECORDS_ONLY if case.value_of("data_without_environment") == "yes" else LOG_RULES
    schema = LOG_SCHEMA.replace("@@RULES@@", rules)
    return {"log_schema.md": page(schema, case, verdict, library), "log_template.csv": LOG}


def _optimisation(case: Case, verdict: Verdict, library: Library) -> dict[str, str]:
    return {"formulation.md": page(FORMULATION, case, verdict, library), "plan.csv": shared_text("plan.csv")}


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


def _csv(rows: Sequence[Sequence[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def _cell(text: str) -> str:
    """User text that no spreadsheet takes for a formula, as it never begins a cell."""
    return one_line(text)
