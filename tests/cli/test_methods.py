"""`scoper methods`, `scoper risks`, `scoper rules trace` and `scoper ask --follow-ups` as they are called."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scoper.interfaces.cli.dialogue_text import CHANGED_OUTSIDE
from scoper.interfaces.cli.follow_ups import FollowUps
from scoper.interfaces.cli.main import cli
from scoper.services.cases import read_case
from scoper.services.library import load_library

ROOT = Path(__file__).resolve().parents[2]
MAILS, STOCK, INVOICES = (
    str(ROOT / "examples" / f"{name}.yaml") for name in ("support_mail_triage", "warehouse_reorder", "invoice_approval")
)


def call(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(cli, list(arguments), input=typed)


def test_methods_says_what_to_start_with_and_with_all_why_not_the_others() -> None:
    short, whole = call("methods", STOCK).output, call("methods", STOCK, "--all").output
    assert "> [fits] value iteration" in short
    assert "more are ruled out; --all says why" in short
    assert "[no  ]" not in short
    assert "- not: needs continuous actions" in whole


def test_methods_as_json_lists_every_method_once_with_its_standing() -> None:
    document = json.loads(call("methods", STOCK, "--json").output)
    (selection,) = document["selections"]
    ids = [choice["id"] for choice in selection["choices"]]
    assert document["format"] == 1
    assert (selection["kind"], selection["chosen"]) == ("methods", "value_iteration")
    assert len(ids) == len(set(ids)) >= 20
    assert {choice["standing"] for choice in selection["choices"]} == {"fits", "open", "excluded"}
    assert {fact["id"]: fact["basis"] for fact in document["facts"]}["dynamics"] == "declared"


def test_assess_names_how_to_go_about_it_and_json_only_gains_a_key() -> None:
    assert "- plain automation: decision table" in call("assess", INVOICES).output
    document = json.loads(call("assess", INVOICES, "--json").output)
    assert set(document) == {"format", "case", "rules_digest", "verdict"}
    assert document["verdict"]["approach"]["selections"][0]["chosen"] == "decision_table"
    assert "risks" not in document["verdict"]["approach"]


def test_the_rung_comes_with_what_would_force_a_climb() -> None:
    text = call("methods", MAILS).output
    assert "lowest rung that fits: 3" in " ".join(text.split())
    assert text.count("climb when:") >= 2


def test_risks_as_csv_is_one_row_a_risk_with_owner_and_catalogue() -> None:
    rows = list(csv.DictReader(io.StringIO(call("risks", MAILS, "--csv").output)))
    assert len({row["id"] for row in rows}) == len(rows) >= 20
    assert all(row["owner"] and row["detection"] and row["mitigation"] for row in rows)
    assert {"OWASP ASI01", "MAST FM-1.3"} <= {row["catalogue"] for row in rows}
    assert {row["standing"] for row in rows} == {"fits", "open"}


def test_risks_never_overwrites_a_file_unasked(tmp_path: Path) -> None:
    target = tmp_path / "register.csv"
    target.write_text("mine", encoding="utf-8")
    assert call("risks", MAILS, "--csv", "-o", str(target)).exit_code != 0
    assert target.read_text(encoding="utf-8") == "mine"
    assert call("risks", MAILS, "--csv", "-o", str(target), "--force").exit_code == 0
    assert target.read_text(encoding="utf-8").startswith("id,title,standing")


def test_trace_prints_all_67_claims_and_a_single_one() -> None:
    document = json.loads(call("rules", "trace", "--json").output)
    assert [claim["id"] for claim in document["claims"]] == list(range(1, 68))
    assert all(bool(claim["encoded"]) != bool(claim["not_encoded"]) for claim in document["claims"])
    text = call("rules", "trace", "38").output
    assert "learn-by-trial" in text
    assert "67 claims: 63 encoded, 4 deliberately not" in call("rules", "trace").output


def test_a_target_that_does_not_exist_is_named_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "mine.yaml").write_text(
        "source: s\nsection: t\nclaims:\n  - id: 68\n    claim: c\n    encoded:\n      rules: [learn-by-trail]\n",
        encoding="utf-8",
    )
    result = call("rules", "trace", "--rules", str(tmp_path))
    assert result.exception is not None
    assert "mine.yaml:7:15" in str(result.exception)
    assert "did you mean 'learn-by-trial'?" in str(result.exception)


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    text = Path(MAILS).read_text(encoding="utf-8")
    path = tmp_path / "case.yaml"
    path.write_text(text[: text.index("  run_steps:")], encoding="utf-8")
    return path


def test_follow_ups_are_asked_saved_and_can_be_undone(mails: Path) -> None:
    result = call("ask", str(mails), "--follow-ups", typed="nonsense\nn seen in the log\nfew\nu\n1\ns\nq\n")
    assert result.exit_code == 0
    case = read_case(mails, load_library().questions).case
    (answer,) = case.answers["run_steps"]
    assert answer.answer == "one"
    assert "Not understood: 'nonsense'" in result.output
    assert "Undone: run_steps is unanswered again." in result.output
    assert "19 of 26 questions answered" in " ".join(result.output.split())


def test_follow_ups_change_the_rung_and_leave_the_verdict(mails: Path, tmp_path: Path) -> None:
    before = json.loads(call("assess", str(mails), "--json").output)["verdict"]
    copy = tmp_path / "copy.yaml"
    shutil.copy(mails, copy)
    call("ask", str(copy), "--follow-ups", typed="few\nq\n")
    after = json.loads(call("assess", str(copy), "--json").output)["verdict"]
    first, then = before.pop("approach"), after.pop("approach")
    assert after == before
    assert first["selections"][0]["chosen"] == "single_call"
    assert then["selections"][0]["chosen"] == "workflow_chain"


def test_a_file_changed_by_somebody_else_during_the_follow_ups_is_read_again_not_overwritten(mails: Path) -> None:
    library, told = load_library(), []
    lines = iter(["few", "few", None])

    def read(prompt: str) -> str | None:
        if "domain: theirs" not in mails.read_text():  # as if saved in an editor beside
            mails.write_text(mails.read_text().replace("domain: customer service", "domain: theirs"))
        return next(lines)

    sitting = FollowUps(read_case(mails, library.questions), library, read=read, tell=told.append)
    case = sitting.run().case
    assert [line for line in told if line.startswith("Not saved")] == [CHANGED_OUTSIDE]
    assert told.count("Saved: run_steps = few") == 1
    assert case == read_case(mails, library.questions).case
    assert case.domain == "theirs"
    assert [answer.answer for answer in case.answers["run_steps"]] == ["few"]


def test_the_verdict_above_the_methods_is_whole_where_it_takes_two_lines(tmp_path: Path) -> None:
    case = tmp_path / "blocks.yaml"
    answers = {
        "known_rules": "no",
        "reward_measurable": "yes",
        "sequential_delayed": "yes",
        "cheap_simulation": "partly",
    }
    more = {"language_and_tools": "no", "myopic_enough": "no", "markov_state": "partly", "baseline_adequate": "partly"}
    rest = {"solver_formulation": "no", "labelled_targets": "no", "exploration_safe": "yes", "model_known": "no"}
    told = "".join(f"  {signal}: {answer}\n" for signal, answer in {**answers, **more, **rest}.items())
    case.write_text(f"scoper: 1\ntitle: Blocks\nanswers:\n{told}  action_space: discrete_large\n", encoding="utf-8")
    head = call("methods", str(case)).output.partition("\n\n")[0]
    assert " ".join(head.split()).endswith("go, if the conditions are met")


def test_follow_ups_that_were_all_skipped_are_said_to_be_put_off(tmp_path: Path) -> None:
    case = tmp_path / "mails.yaml"
    shutil.copy(MAILS, case)
    told = call("ask", str(case), "--follow-ups", typed="s\n" * 40).output
    assert "Every follow-up question that is left was put off." in told
    assert "No further follow-up" not in told
