"""Offers beside the answers that stand: what is new, agrees or contradicts, and what accepting writes."""

import pytest

from scoper.domain.probe import Cost, ProbeResult, ReturnSummary
from scoper.errors import InputError, UsageError
from scoper.services import feedback
from scoper.services.cases import read_case
from scoper.services.library import load_library
from scoper.services.specs import spec_digest

SPEC = "scoper_mdp: 1\nname: x\nenvironment: {id: FrozenLake-v1}\ndiscount: 0.9\n"
CASE = """scoper: 1
title: Reorder   # weekly
spec: mdp.yaml
answers:
  # asked on Monday
  myopic_enough: {answer: yes, by: Ana}
  interaction_cost: simulated
  cheap_simulation:
    answer: partly
    evidence: "Checked against three months."
  exploration_safe: unknown
"""


@pytest.fixture(scope="module")
def questions():
    return load_library().questions


@pytest.fixture
def case(tmp_path, questions):
    def make(text=CASE):
        path = tmp_path / "case.yaml"
        path.write_text(text, encoding="utf-8")
        (tmp_path / "mdp.yaml").write_text(SPEC, encoding="utf-8")
        return read_case(path, questions)

    return make


def result(folder=None, **parts):
    returns = {
        name: ReturnSummary(mean=mean, low=mean, high=mean, n=1, basis="proved")
        for name, mean in {"random": 0.0, "myopic": 50.0, "optimal": 100.0}.items()
    }
    digest = spec_digest(SPEC, folder)
    known = {"spec": {"name": "x", "digest": digest}, "verdict": "feasible", "criterion": "mean return"}
    return ProbeResult(**{**known, "returns": returns, "cost": Cost(steps_per_s=41_000.0), **parts})


def kept(folder, **parts):
    (folder / "result.json").write_text(result(folder, **parts).model_dump_json(), encoding="utf-8")


def offered(file, questions):
    return {offer.signal: offer for offer in feedback.offers(file.case, result(), questions)}


def test_offers_say_whether_they_are_new_agree_or_contradict(case, questions):
    found = {signal: offer.relation for signal, offer in offered(case(), questions).items()}

    assert found == {
        "sequential_delayed": "new",
        "myopic_enough": "contradicts",
        "interaction_cost": "agrees",
        "interaction_at_scale": "new",
        "exploration_safe": "new",
    }


def test_an_answer_that_says_more_than_was_measured_is_not_contradicted(case, questions):
    assert "cheap_simulation" not in offered(case(), questions)


def test_all_takes_what_contradicts_nothing_and_a_name_takes_the_rest(case, questions):
    found = tuple(offered(case(), questions).values())

    assert "myopic_enough" not in {offer.signal for offer in feedback.picked(found, ["all"])}
    assert feedback.picked(found, ["all", "myopic_enough"]) == found
    assert feedback.picked(found, []) == ()


def test_what_presumes_that_a_rule_runs_is_taken_by_its_name_only(case, questions):
    rule = ReturnSummary(mean=99.0, low=99.0, high=99.0, n=1, basis="proved")
    known = result(returns={**result().returns, "house_rule": rule})
    found = feedback.offers(case().case, known, questions)
    (presuming,) = (offer for offer in found if offer.signal == "baseline_adequate")

    assert presuming.relation == "new"
    assert presuming not in feedback.picked(found, ["all"])
    assert presuming in feedback.picked(found, ["all", "baseline_adequate"])


def test_every_name_that_is_not_offered_is_refused_with_the_nearest_one(case, questions):
    found = tuple(offered(case(), questions).values())

    with pytest.raises(UsageError) as caught:
        feedback.picked(found, ["myopic_enogh", "cheap_simulation"])

    assert [problem.code for problem in caught.value.problems] == ["feedback-accept"] * 2
    assert caught.value.problems[0].remedy == "did you mean 'myopic_enough'?"


def test_accepting_changes_nothing_else_in_the_file(case, questions):
    file = case()
    changed = feedback.accept(file, [offered(file, questions)["interaction_cost"]], questions)
    text = file.path.read_text(encoding="utf-8")

    assert changed.text == text
    assert [line for line in CASE.splitlines() if line not in text.splitlines()] == ["  interaction_cost: simulated"]
    (answer,) = changed.case.answers["interaction_cost"]
    assert answer.evidence is not None
    assert answer.evidence.startswith("measured: ")


def test_nothing_accepted_writes_nothing(case, questions):
    file = case()
    before = file.path.stat().st_mtime_ns
    feedback.accept(file, (), questions)

    assert file.path.stat().st_mtime_ns == before
    assert file.path.read_text(encoding="utf-8") == CASE


def test_an_answer_that_is_replaced_stays_in_the_evidence_with_who_gave_it(case, questions):
    file = case()
    changed = feedback.accept(file, [offered(file, questions)["myopic_enough"]], questions)
    (answer,) = changed.case.answers["myopic_enough"]

    assert (answer.answer, answer.by) == ("no", None)
    assert answer.evidence is not None
    assert answer.evidence.startswith("proved: the best immediate reward returns 50")
    assert answer.evidence.endswith("; replaces: yes (Ana)")


def test_what_was_accepted_is_not_offered_again_when_the_speed_differs(case, questions):
    file = case()
    changed = feedback.accept(file, list(offered(file, questions).values()), questions)

    again = result(cost=Cost(steps_per_s=39_000.0))
    assert feedback.offers(changed.case, again, questions) == ()


def test_the_evidence_of_an_answer_that_agrees_is_kept_before_the_measured_one(case, questions):
    file = case(CASE.replace("answer: partly", "answer: yes"))
    changed = feedback.accept(file, [offered(file, questions)["cheap_simulation"]], questions)
    (answer,) = changed.case.answers["cheap_simulation"]

    assert answer.evidence is not None
    assert answer.evidence.startswith("Checked against three months. measured: 41,000 timesteps/s")


def test_respondents_who_agree_get_the_probe_beside_them(case, questions):
    two = CASE.replace("cost: simulated", "cost: [{answer: simulated, by: Ana}, {answer: simulated, by: Bo}]")
    file = case(two)
    changed = feedback.accept(file, [offered(file, questions)["interaction_cost"]], questions)

    assert [answer.by for answer in changed.case.answers["interaction_cost"]] == ["Ana", "Bo", "probe"]


def test_the_result_beside_the_spec_is_taken_and_a_stale_one_refused(case, tmp_path):
    file = case()
    kept(tmp_path)
    assert feedback.result_for(file) == result(tmp_path)

    (tmp_path / "mdp.yaml").write_text(SPEC.replace("0.9", "0.8"), encoding="utf-8")
    with pytest.raises(InputError, match="measured on another spec"):
        feedback.result_for(file)


def test_without_a_result_it_is_said_how_to_get_one(case):
    with pytest.raises(UsageError, match="scoper probe SPEC -o"):
        feedback.result_for(case())
    with pytest.raises(UsageError, match="names no spec"):
        feedback.result_for(case(CASE.replace("spec: mdp.yaml\n", "")))
