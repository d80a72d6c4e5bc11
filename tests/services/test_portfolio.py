"""Many cases on one page: the order that the rule states, and files that cannot be read."""

import json

import pytest
from markdown_it import MarkdownIt

from scoper.domain.decision import Technique, Verdict
from scoper.domain.probe import ProbeResult
from scoper.errors import InputError
from scoper.services.library import load_library
from scoper.services.portfolio import Entry, _group, _rank, document, portfolio
from scoper.services.portfolio_page import page
from scoper.services.specs import spec_digest

LIBRARY = load_library()
GO = "{language_and_tools: no, known_rules: yes, steps_fixed: yes, audit_required: no, reward_measurable: yes}"


def case(folder, name, answers=GO, title="x", head=""):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"scoper: 1\ntitle: {json.dumps(title)}\n{head}answers: {answers}\n")


def entry(
    readiness="go", settled=True, support=0.9, probe=None, title="x", technique="plain_automation", conditions=()
):
    verdict = Verdict(
        technique=technique,
        ranking=(Technique(technique="plain_automation", support=support),),
        possible=(technique,),
        settled=settled,
        readiness=readiness,
        conditions=conditions,
    )
    return Entry(f"{title}.yaml", title, _group(verdict, probe), verdict, probe, False, "")


def test_the_order_is_the_one_that_the_rule_states():
    ordered = [
        entry(title="a feasible one", probe="feasible"),
        entry(title="more support", support=0.95),
        entry(title="less support", support=0.8, conditions=()),
        entry(title="one condition", support=0.8, conditions=("c",)),
        entry(title="open", settled=False, support=0.99),
        entry("go_if", title="if"),
        entry("not_yet", title="undecided", technique="undecided"),
        entry("not_yet", title="not yet"),
        entry(title="defective reward", probe="reward_defective", support=0.8),
        entry("no", title="no"),
        entry(title="infeasible", probe="infeasible", support=0.8),
    ]

    assert sorted(reversed(ordered), key=_rank) == ordered
    assert [e.group for e in ordered] == ["start"] * 5 + ["start_if", "find_out", "wait", "wait", "leave", "leave"]


def test_cases_of_all_folders_are_found_and_specs_gates_and_snapshots_are_none(tmp_path):
    case(tmp_path, "a.yaml")
    case(tmp_path, "deep/er/b.yml", "{}")
    case(tmp_path, "snapshots/c.yaml")
    case(tmp_path, ".hidden/d.yaml")
    (tmp_path / "spec.yaml").write_text("scoper_mdp: 1\nname: x\n")
    (tmp_path / "gate.yaml").write_text("scoper_gate: 1\n")
    (tmp_path / "other.yaml").write_text("a: [1, 2]\n")

    found = portfolio(tmp_path, LIBRARY)

    assert sorted(e.file for e in found.entries) == ["a.yaml", "deep/er/b.yml"]
    assert found.unreadable == ()


def test_files_that_cannot_be_read_are_listed_and_stop_nothing(tmp_path):
    case(tmp_path, "good.yaml")
    case(tmp_path, "bad.yaml", "{known_rulez: yes, horizon: longish}")
    (tmp_path / "torn.yaml").write_text('scoper: 1\ntitle: "torn\n')
    (tmp_path / "bytes.yaml").write_bytes(b"scoper: 1\ntitle: \xff\n")

    found = portfolio(tmp_path, LIBRARY)

    assert [e.file for e in found.entries] == ["good.yaml"]
    assert [name for name, _ in found.unreadable] == ["bad.yaml", "bytes.yaml", "torn.yaml"]
    assert found.unreadable[0][1] == "line 3: there is no question 'known_rulez' (and 1 more)"


def test_undecided_cases_stand_where_the_legend_says_and_the_first_line_adds_up(tmp_path):
    for k in range(2):
        case(tmp_path, f"open{k}.yaml", "{}")
    case(tmp_path, "good.yaml", head="review_by: 2020-01-01\n")
    (tmp_path / "torn.yaml").write_text('scoper: 1\ntitle: "torn\n')
    found = portfolio(tmp_path, LIBRARY, "2026-11-22")
    text = page(found, 40)

    assert [e.group for e in found.entries] == ["start_if", "find_out", "find_out"]
    assert all("No technique holds" not in e.next for e in found.entries[1:])
    assert (
        "3 cases: start once conditions are met (1), find out more first (2). 1 of them is due to be looked at again. "
        "1 more file could not be read." in text
    )
    (tmp_path / "torn.yaml").rename(tmp_path / "x.torn")
    for path in tmp_path.glob("*.yaml"):
        path.write_text("scoper: 1\nanswers: [\n")
    assert "None of 3 files could be read." in page(portfolio(tmp_path, LIBRARY), 40)


def test_a_probe_counts_only_when_it_measured_the_spec_as_it_is_now(tmp_path):
    case(tmp_path, "a.yaml", head="spec: mdp.yaml\n")
    (tmp_path / "mdp.yaml").write_text(
        "scoper_mdp: 1\nname: x\ndiscount: 0.9\nhorizon: 5\nstate: {s: {from: 0, to: 1}}\n"
        "actions: {a: {from: 0, to: 1}}\nnext: {s: a}\nreward: {r: s}\nstart: {s: 0}\n"
    )
    spec = (tmp_path / "mdp.yaml").read_text()
    for digest, expected in ((spec_digest(spec, tmp_path), "infeasible"), ("0" * 16, None)):
        result = ProbeResult(spec={"name": "x", "digest": digest}, verdict="infeasible", criterion="x")
        (tmp_path / "result.json").write_text(result.model_dump_json())
        (found,) = portfolio(tmp_path, LIBRARY).entries
        assert (found.probe, found.group) == (expected, "leave" if expected else "start_if")


def test_the_calendar_counts_only_when_a_day_is_given(tmp_path):
    case(tmp_path, "a.yaml", head="review_by: 2020-01-01\n")

    assert not portfolio(tmp_path, LIBRARY).entries[0].due
    assert portfolio(tmp_path, LIBRARY, "2026-11-22").entries[0].due


def test_whatever_a_case_is_called_the_page_keeps_its_one_table(tmp_path):
    for k, title in enumerate(("| a | b |", "<b>x</b>", "`~~~`", "# h", "[x](http://x) @me", "a\nb", "**x**", "\\|")):
        case(tmp_path, f"{k}.yaml", title=title)
    tokens = MarkdownIt("commonmark").enable("table").parse(page(portfolio(tmp_path, LIBRARY), 40))

    assert [t.type for t in tokens].count("table_open") == 1
    rows = [t for t in tokens if t.type == "tr_open"]
    assert len(rows) == 1 + 1 + 8
    assert [t.type for t in tokens].count("heading_open") == 1
    assert not [c for t in tokens for c in t.children or () if c.type in ("link_open", "html_inline", "code_inline")]


def test_what_is_not_shown_is_announced_and_the_document_has_all(tmp_path):
    for k in range(5):
        case(tmp_path, f"{k}.yaml")
    found = portfolio(tmp_path, LIBRARY)

    assert "3 more are not shown" in page(found, 2)
    assert [row["rank"] for row in document(found)["cases"]] == [1, 2, 3, 4, 5]
    assert document(found)["ranking_rule"] in page(found, 2)


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_no_folder_or_no_case_is_a_sentence(tmp_path, name):
    (tmp_path / "empty").mkdir()

    with pytest.raises(InputError):
        portfolio(tmp_path / name, LIBRARY)
