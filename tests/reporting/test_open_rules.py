"""Open rules and long lists in a report: what could still change something, a handful of it, and how many follow."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from scoper.domain.checks import CheckResult, Listing, Outcome
from scoper.domain.decision import TraceEntry, Verdict
from scoper.services.cases import read_case, single
from scoper.services.library import load_library
from scoper.services.report_checks import FIRST_ROWS, WHOLE_LIST, _listing
from scoper.services.report_commands import check_command
from scoper.services.report_data import load_report_data
from scoper.services.report_reasons import _still_to_come
from scoper.services.scoping import assess

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ("invoice_approval", "parcel_claims", "support_mail_triage", "tender_answers", "cartpole")


@cache
def verdict_of(name: str) -> Verdict:
    library = load_library()
    return assess(single(read_case(ROOT / f"examples/{name}.yaml", library.questions)).case, library)


def entry(rule: str, table: str, status: str, concludes: str) -> TraceEntry:
    return (
        verdict_of("cartpole")
        .trace[0]
        .model_copy(update={"rule": rule, "table": table, "status": status, "concludes": concludes})
    )


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_settled_case_lists_no_open_rule_of_technique_conflict_or_a_fact_between(name: str) -> None:
    verdict = verdict_of(name)
    rows = _still_to_come(verdict, load_report_data())

    assert verdict.settled
    assert {row["table"] for row in rows} <= {"family", "readiness", "qualifier", "surrounding"}


def test_a_second_rule_for_what_holds_already_is_not_news() -> None:
    trace = (
        entry("holds", "qualifier", "hit", "record_keeping"),
        entry("same", "qualifier", "open", "record_keeping"),
        entry("other", "qualifier", "open", "human_gate"),
        entry("between", "planning", "open", "solver"),
    )
    rows = _still_to_come(verdict_of("cartpole").model_copy(update={"trace": trace}), load_report_data())

    assert [row["rule"] for row in rows] == ["other"]


def test_a_verdict_that_is_open_keeps_the_rules_of_its_table() -> None:
    trace = (entry("may", "technique", "open", "plain_automation"), entry("clash", "conflict", "open", "contradiction"))
    verdict = verdict_of("cartpole").model_copy(update={"trace": trace, "settled": False})

    assert [row["rule"] for row in _still_to_come(verdict, load_report_data())] == ["may", "clash"]


@pytest.mark.parametrize(("rows", "shown"), [(3, 3), (WHOLE_LIST, WHOLE_LIST), (WHOLE_LIST + 1, FIRST_ROWS)])
def test_a_long_list_of_a_check_shows_its_first_rows_and_counts_the_rest(rows: int, shown: int) -> None:
    found = _listing(Listing(title="t", header=("a",), rows=tuple((str(i),) for i in range(rows))))

    assert len(found["rows"]) == shown
    assert found["more"] == rows - shown


def test_a_file_of_a_check_is_one_word_of_its_command_and_cannot_be_another_command() -> None:
    result = CheckResult(
        check="text_baseline", technique="llm_orchestration", question="", outcome=Outcome(headline=""), formula="",
        source="", shows_not="", inputs={"my texts.csv": "1", "a$(id).csv": "2"},
    )  # fmt: skip

    assert check_command(result) == 'scoper check llm text-baseline "my texts.csv" a??id?.csv'
