"""The shipped rules as a whole, and what happens to faulty ones."""

import shutil

import pytest

from scoper.domain.questionnaire import Answer, Case
from scoper.errors import InputError
from scoper.interfaces.cli.verdict_text import verdict_lines
from scoper.reasoning.verification import verify
from scoper.services.case_format import allowed_values
from scoper.services.library import data_path, load_library
from scoper.services.scoping import assess


def test_no_rule_and_no_question_is_dead_and_every_verdict_can_be_reached():
    report = verify(load_library().pack)

    assert report.sound, report.lines()
    assert report.vectors > 10**14


def test_every_rule_says_why_and_from_where():
    rules = [rule for table in load_library().pack.tables for rule in table.rules]

    assert len(rules) > 80
    assert all(rule.because and rule.source and rule.basis for rule in rules)


def test_what_is_advised_where_nothing_holds_is_true_wherever_it_is_shown():
    """Ask, portfolio and a file of conditions have no list below it; assess has one."""
    library = load_library()
    answers = {signal: (Answer(answer="no"),) for signal, q in library.questions.items() if "no" in allowed_values(q)}
    case = Case(title="x", answers=answers)
    verdict = assess(case, library)
    shown = " ".join(verdict_lines(case, verdict))

    assert (verdict.technique, verdict.next_questions) == ("undecided", ())
    assert "assess and the report say which" in verdict.conditions[0]
    assert "below" not in verdict.conditions[0]
    assert "What would change it" in shown


@pytest.fixture
def overlay(tmp_path):
    folder = tmp_path / "rules" / "decisions" / "technique"
    folder.mkdir(parents=True)
    return folder


def test_every_fault_of_a_rule_is_reported_at_its_place_with_the_nearest_spelling(overlay):
    (overlay / "mine.yaml").write_text(
        "id: other\norder: 5\nwhen:\n  langauge: [dominant]\n  reward: [cleer]\nthen: plain_automatoin\n"
        "because: b\nsource: s\nbasis: cited\nwieght: 3\n"
    )

    with pytest.raises(InputError) as caught:
        load_library(overlay.parent.parent)

    sentences = [problem.sentence() for problem in caught.value.problems]
    assert len(sentences) == 5
    assert any(":4:3: unknown input 'langauge' (did you mean 'language'?)" in s for s in sentences)
    assert any(":5:12: 'cleer' is not allowed here (did you mean 'clear'?)" in s for s in sentences)
    assert any(":6:7: 'plain_automatoin'" in s and "plain_automation" in s for s in sentences)
    assert any("unknown key 'wieght'" in s for s in sentences)
    assert any("the id 'other' must equal" in s for s in sentences)


def test_an_overlay_replaces_one_rule_and_changes_the_digest(overlay):
    shipped = load_library()
    source = data_path("rules", "decisions", "technique", "learn-by-trial.yaml")
    text = source.read_text().replace("then: reinforcement_learning", "then: classical_optimisation")
    (overlay / "learn-by-trial.yaml").write_text(text)

    changed = load_library(overlay.parent.parent)

    (table,) = changed.pack.of_kind("technique")
    assert {r.then for r in table.rules if r.id == "learn-by-trial"} == {"classical_optimisation"}
    assert changed.digest != shipped.digest
    assert len(changed.questions) == len(shipped.questions)


def test_facets_must_not_share_a_signal(tmp_path):
    shutil.copytree(data_path("rules", "decisions", "reward"), tmp_path / "decisions" / "reward")
    head = tmp_path / "decisions" / "reward" / "_table.yaml"
    head.write_text(head.read_text().replace("[reward_measurable]", "[reward_measurable, model_known]"))

    with pytest.raises(InputError, match="must not share signals"):
        load_library(tmp_path)


def test_a_folder_without_rules_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds no rules"):
        load_library(tmp_path)
