"""snapshot, diff, verify, gate, portfolio as people and programs call them: exit codes, JSON, inert text."""

import json
from pathlib import Path

import pytest

from tests.in_process import scoper

pytestmark = pytest.mark.slow
EXAMPLES = Path(__file__).parent.parent.parent / "examples"
TODAY = ("--today", "2026-11-22")
EVIL = "evil \\e]0;title\\a \\u009b31m \\u202e \\u2066 ::error::x"


@pytest.fixture
def folder(tmp_path):
    text = (EXAMPLES / "invoice_approval.yaml").read_text()
    (tmp_path / "case.yaml").write_text(text)
    (tmp_path / "later.yaml").write_text(
        text.replace("known_rules:\n    answer: yes", "known_rules:\n    answer: partly")
    )
    (tmp_path / "gate.yaml").write_text("scoper_gate: 1\ntechnique: plain_automation\nreadiness: go\n")
    (tmp_path / "evil.yaml").write_text(f'scoper: 1\ntitle: "{EVIL}"\nanswers: {{known_rules: yes}}\n')
    return tmp_path


def test_from_a_snapshot_to_what_changed_since(folder):
    taken = scoper("snapshot", "case.yaml", *TODAY, "--json", cwd=folder)
    document = json.loads(taken.stdout)
    assert (taken.returncode, document["snapshot"]) == (0, "snapshots/case-2026-11-22.json")
    assert json.loads(scoper("snapshot", "case.yaml", *TODAY, "--json", cwd=folder).stdout)["new"] is False

    assert scoper("verify", document["snapshot"], cwd=folder).returncode == 0
    same = scoper("diff", document["snapshot"], "case.yaml", "--fail-on", "any", cwd=folder)
    assert (same.returncode, "No difference." in same.stdout) == (0, True)
    moved = scoper("diff", document["snapshot"], "later.yaml", "--fail-on", "verdict", "--json", cwd=folder)
    found = json.loads(moved.stdout)
    assert moved.returncode == 1
    assert [m["answers"] for m in found["moves"] if m["aspect"] == "technique"] == [["known_rules"]]
    assert "known_rules" in scoper("diff", "case.yaml", "later.yaml", cwd=folder).stdout


def test_a_gate_exits_1_with_each_failed_condition_and_2_for_a_faulty_gate(folder):
    met = scoper("gate", "case.yaml", "gate.yaml", cwd=folder)
    failed = scoper("gate", "case.yaml", "later.yaml", "gate.yaml", "--json", cwd=folder)
    (folder / "bad.yaml").write_text("scoper_gate: 1\nreadyness: go\n")
    bad = scoper("gate", "case.yaml", "bad.yaml", cwd=folder)

    assert met.returncode == 0, met.stdout
    documents = [json.loads(line) for line in failed.stdout.splitlines()]
    assert (failed.returncode, [d["met"] for d in documents]) == (1, [True, False])
    assert {c["id"] for c in documents[1]["conditions"] if c["met"] is False} == {"technique", "readiness"}
    assert (bad.returncode, bad.stdout) == (2, "")
    assert "bad.yaml:2:1" in bad.stderr
    assert "did you mean 'readiness'?" in bad.stderr


def test_annotations_are_lines_of_their_own_and_nothing_in_a_case_can_make_one(folder):
    (folder / "gate.yaml").write_text("scoper_gate: 1\nsupport: 1\nanswers: {known_rules: no}\n")
    run = scoper("gate", "evil.yaml", "gate.yaml", "--format", "github", cwd=folder)

    commands = [line for line in run.stdout.splitlines() if line.lstrip().startswith("::")]
    assert run.returncode == 1
    assert len(commands) == 2
    assert "::error file=evil.yaml,line=3,col=11,title=scoper gate%3A answers.known_rules::" in run.stdout


def test_a_tampered_report_fails_and_says_what(folder):
    assert scoper("report", "case.yaml", "-o", "report.md", cwd=folder).returncode == 0
    assert scoper("verify", "report.md", cwd=folder).returncode == 0
    report = folder / "report.md"
    report.write_text(report.read_text().replace("lain automation", "lain automatiom", 1))

    run = scoper("verify", "report.md", "--json", cwd=folder)
    document = json.loads(run.stdout)
    assert (run.returncode, document["holds"]) == (1, False)
    assert [check["what"] for check in document["checks"] if not check["holds"]] == ["seal"]


def test_a_portfolio_ranks_what_can_be_read_and_lists_the_rest(folder):
    (folder / "torn.yaml").write_text("scoper: 1\nanswers: [\n")
    run = scoper("portfolio", ".", "--json", cwd=folder)
    document = json.loads(run.stdout)

    assert run.returncode == 0
    assert [row["file"] for row in document["cases"]] == ["case.yaml", "evil.yaml", "later.yaml"]
    assert [row["file"] for row in document["unreadable"]] == ["torn.yaml"]
    assert scoper("portfolio", ".", "-o", "page.md", cwd=folder).returncode == 0
    assert (folder / "page.md").read_text().startswith("# Portfolio")
    assert scoper("portfolio", ".", "-o", "page.md", cwd=folder).returncode == 4


def test_assess_looks_at_the_calendar_only_when_it_is_asked_to(folder):
    (folder / "dated.yaml").write_text("scoper: 1\ntitle: x\nreview_by: 2020-01-01\nanswers: {}\n")
    plain, again = (scoper("assess", "dated.yaml", "--json", cwd=folder).stdout for _ in range(2))
    asked = json.loads(scoper("assess", "dated.yaml", "--json", *TODAY, cwd=folder).stdout)

    assert plain == again
    assert json.loads(plain)["review"]["due"] is False
    assert asked["review"]["due"] is True
    assert "2020-01-01" in asked["review"]["reasons"][0]["sentence"]
    assert scoper("assess", "dated.yaml", "--today", "tomorrow", cwd=folder).returncode == 2


@pytest.mark.parametrize(
    "argv",
    [
        ("snapshot", "evil.yaml", *TODAY),
        ("diff", "evil.yaml", "case.yaml"),
        ("gate", "evil.yaml", "gate.yaml", *TODAY),
        ("portfolio", "."),
    ],
    ids=lambda argv: argv[0],
)
def test_no_escape_of_a_case_reaches_the_terminal(folder, argv):
    run = scoper(*argv, "--color", "never", cwd=folder)

    assert run.returncode in (0, 1), run.stderr
    assert not set("\x1b\x07\x9b\u202e\u2066") & set(run.stdout + run.stderr)


@pytest.mark.parametrize("name", ["snapshot", "diff", "verify", "gate", "portfolio"])
def test_a_missing_file_is_a_sentence_and_exit_2(folder, name):
    run = scoper(name, "nowhere.yaml", *(("gate.yaml",) if name in ("diff", "gate") else ()), cwd=folder)

    assert (run.returncode, run.stdout) == (2, "")
    assert "nowhere.yaml" in run.stderr
    assert "Traceback" not in run.stderr
