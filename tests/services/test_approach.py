"""How to go about a verdict: what answers, follow-up answers, spec and probe make of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scoper.domain.approach import Approach, Choice, Selection
from scoper.domain.questionnaire import Answer, Case
from scoper.errors import InputError
from scoper.interfaces.cli.approach_text import headlines
from scoper.services.approach import approach_of, spec_of
from scoper.services.cases import read_case, set_answer
from scoper.services.library import load_library
from scoper.services.scoping import assess, knowledge_of

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = load_library()
LANGUAGE = {"language_and_tools": "yes", "known_rules": "no", "labelled_targets": "no", "expert_demonstrations": "no"}
RL = {
    **{"reward_measurable": "yes", "cheap_simulation": "yes", "sequential_delayed": "yes", "language_and_tools": "no"},
    **{"known_rules": "no", "data_without_environment": "no", "interaction_at_scale": "yes", "markov_state": "yes"},
    **{"exploration_safe": "yes", "several_learners": "no", "interaction_cost": "simulated", "horizon": "long"},
    **{"model_known": "no", "solver_formulation": "no", "myopic_enough": "no", "logged_decisions": "no"},
    **{"labelled_targets": "no", "expert_demonstrations": "no", "hard_limits": "no"},
}
SAFE = {"tool_effects": "reversible", "untrusted_input": "no", "response_time": "minutes", "output_checkable": "yes"}


def case_of(answers: dict[str, str]) -> Case:
    return Case(title="t", answers={signal: (Answer(answer=value),) for signal, value in answers.items()})


def approach(answers: dict[str, str], **more: object) -> Approach:
    case = case_of(answers)
    return approach_of(case, LIBRARY, assess(case, LIBRARY), **more)  # type: ignore[arg-type]


def rung(answers: dict[str, str]) -> Selection:
    found = approach(answers).of_kind("rung")
    assert found is not None
    return found


def methods(answers: dict[str, str], **more: object) -> dict[str, Choice]:
    found = approach(answers, **more).of_kind("methods")
    assert found is not None
    return {choice.id: choice for choice in found.choices}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"run_steps": "one", "outside_knowledge": "no", "tool_effects": "none", "steps_fixed": "yes"}, "single_call"),
        (
            {"run_steps": "one", "outside_knowledge": "yes", "tool_effects": "read_only", "steps_fixed": "yes"},
            "call_with_tools",
        ),
        ({"run_steps": "few", "steps_fixed": "yes"}, "workflow_chain"),
        ({"run_steps": "few", "steps_fixed": "no", "parallel_parts": "yes"}, "workflow_orchestrator"),
        (
            {"run_steps": "few", "steps_fixed": "no", "parallel_parts": "no", "written_criteria": "yes"},
            "workflow_evaluator",
        ),
        ({"run_steps": "many", "steps_fixed": "no", "separate_access": "no", "run_value": "up_to_5"}, "single_agent"),
        (
            {"run_steps": "many", "steps_fixed": "no", "separate_access": "yes", "input_kinds": "several"}
            | {"run_value": "up_to_5", "parallel_parts": "no"},
            "agents_handoff",
        ),
    ],
)
def test_the_lowest_rung_that_fits_follows_from_the_facts(facts: dict[str, str], expected: str) -> None:
    found = rung(LANGUAGE | SAFE | facts)
    assert found.chosen == expected
    assert found.settled


def test_a_tool_that_cannot_be_undone_and_has_no_gate_forbids_every_rung_that_calls_tools() -> None:
    facts = {"run_steps": "many", "steps_fixed": "no", "tool_effects": "irreversible", "approval_before_effect": "no"}
    found = rung(LANGUAGE | SAFE | facts)
    assert (found.chosen, found.possible) == (None, ("none",))
    with_gate = rung(
        LANGUAGE | SAFE | facts | {"approval_before_effect": "yes", "separate_access": "no", "run_value": "above_5"}
    )
    assert with_gate.chosen == "single_agent"


def test_private_data_outside_text_and_a_way_out_together_forbid_an_open_run() -> None:
    leak = {"untrusted_input": "yes", "private_data": "yes", "outbound_channel": "yes"}
    facts = {"run_steps": "many", "steps_fixed": "no", "separate_access": "no", "run_value": "above_5"}
    agent = rung(LANGUAGE | SAFE | facts | leak).choice("single_agent")
    assert agent is not None
    assert agent.standing == "excluded"
    assert set(agent.why_not[0].facts) == set(leak)


def test_with_nothing_but_the_technique_known_the_rung_stays_open_and_says_what_to_ask() -> None:
    found = rung(LANGUAGE)
    assert not found.settled
    assert {"single_call", "none"} < set(found.possible)
    assert "run_steps" in [ask.id for ask in found.asks]


def test_no_follow_up_answer_changes_the_verdict() -> None:
    base = LANGUAGE | {"steps_fixed": "partly"}
    plain = knowledge_of(case_of(base), LIBRARY)
    for name, question in LIBRARY.questions.follow_ups.items():  # type: ignore[attr-defined]
        for value in question.values:
            assert knowledge_of(case_of(base | {name: value}), LIBRARY) == plain, (name, value)
    answered = {name: question.values[0] for name, question in LIBRARY.questions.follow_ups.items()}  # type: ignore[attr-defined]
    assert assess(case_of(base | answered), LIBRARY) == assess(case_of(base), LIBRARY)


def test_respondents_who_differ_on_a_follow_up_question_leave_the_verdict_alone() -> None:
    case = case_of(LANGUAGE)
    answers = {**case.answers, "run_steps": (Answer(answer="one", by="Ana"), Answer(answer="few", by="Ben"))}
    split = assess(case.model_copy(update={"answers": answers}), LIBRARY)
    assert split.disagreements == ()
    assert split.conditions == assess(case, LIBRARY).conditions


def test_with_a_cheap_simulator_and_many_states_ppo_is_the_default_of_the_policy_methods() -> None:
    ranked = methods(RL | {"state_space": "continuous", "action_space": "continuous"})
    fitting = [choice for choice in ranked.values() if choice.standing == "fits"]
    assert fitting[0].id == "ppo"
    assert ranked["dqn"].why_not[0].facts == {"actions": "continuous actions"}
    assert ranked["value_iteration"].standing == "excluded"


def test_known_dynamics_over_listed_states_are_solved_not_learnt() -> None:
    ranked = list(methods(RL | {"model_known": "yes", "state_space": "enumerable", "action_space": "discrete_small"}))
    assert ranked[0] == "value_iteration"
    assert ranked[1] == "policy_iteration"


def test_where_real_steps_are_dear_a_learned_model_comes_before_model_free_methods() -> None:
    answers = RL | {"cheap_simulation": "no", "interaction_cost": "expensive_real", "interaction_at_scale": "yes"}
    answers |= {"state_space": "continuous", "action_space": "continuous", "exploration_safe": "partly"}
    ranked = methods(answers)
    assert next(iter(ranked)) == "learned_model_mpc"
    assert ranked["ppo"].standing == "excluded"


def test_from_logs_alone_only_offline_methods_fit() -> None:
    answers = RL | {"data_without_environment": "yes", "cheap_simulation": "no", "interaction_at_scale": "no"}
    answers |= {"interaction_cost": "expensive_real", "logged_decisions": "yes", "propensities_logged": "yes"}
    answers |= {"state_space": "continuous", "action_space": "discrete_small", "exploration_safe": "no"}
    fitting = {name for name, choice in methods(answers).items() if choice.standing == "fits"}
    assert fitting == {"off_policy_evaluation", "fitted_q_iteration", "conservative_q_learning"}


def test_several_learners_leave_only_methods_for_several_and_search() -> None:
    answers = RL | {"several_learners": "yes", "state_space": "large_discrete", "action_space": "discrete_small"}
    ranked = methods(answers)
    assert next(iter(ranked)) == "multi_agent_ppo"
    assert ranked["ppo"].why_not[0].facts == {"learners": "several learners that adapt to each other"}


def test_hidden_state_calls_for_memory_and_a_short_history_for_stacking() -> None:
    spaces = {"state_space": "high_dimensional", "action_space": "continuous"}
    assert methods(RL | spaces | {"markov_state": "no"})["recurrent_ppo"].standing == "fits"
    assert methods(RL | spaces | {"markov_state": "no"})["frame_stacking"].standing == "excluded"
    assert methods(RL | spaces | {"markov_state": "partly"})["frame_stacking"].standing == "fits"


def test_a_family_named_on_condition_that_history_is_stacked_is_not_denied_without_that_way_out() -> None:
    """The verdict names dynamic programming and asks to stack observations first; the methods say the same."""
    answers = RL | {"model_known": "yes", "state_space": "enumerable", "action_space": "discrete_large"}
    answers |= {"markov_state": "partly"}
    verdict = assess(case_of(answers), LIBRARY)

    assert verdict.family == "dynamic_programming"
    assert any("stack" in condition for condition in verdict.conditions)
    exact = methods(answers)["value_iteration"]
    assert exact.standing == "excluded"
    assert "unless recent history tells it and is made part of the state" in exact.why_not[0].text
    assert methods(answers | {"markov_state": "yes"})["value_iteration"].standing == "fits"


def test_a_spec_that_states_its_law_comes_before_the_answers() -> None:
    text = (ROOT / "examples" / "warehouse_reorder.mdp.yaml").read_text(encoding="utf-8")
    spaces = {"state_space": "continuous", "action_space": "discrete_small"}
    without = methods(RL | spaces)
    with_spec = methods(RL | spaces, spec=spec_of(text, "mdp.yaml"))
    assert without["value_iteration"].standing == "excluded"
    assert with_spec["value_iteration"].standing == "fits"


def test_a_spec_with_open_lines_states_nothing() -> None:
    assert spec_of("scoper_mdp: 1\nname: TODO\n", "mdp.yaml") is None
    assert spec_of(None, None) is None


def test_a_verdict_that_is_not_ready_says_what_is_missing_first() -> None:
    found = approach({}).of_kind("missing")
    assert found is not None
    assert found.chosen == "settle_answers"
    assert approach({}).selections[0] == found
    kept = approach(RL | {"baseline_adequate": "yes", "state_space": "enumerable", "action_space": "discrete_small"})
    missing = kept.of_kind("missing")
    assert missing is not None
    assert missing.chosen == "keep_present"


def test_no_headline_repeats_a_name_and_methods_say_their_technique_beside_others() -> None:
    kinds, found = approach({}).of_kind("sub_type"), approach(RL).of_kind("methods")
    assert kinds is not None
    assert found is not None
    alike = kinds.choices[0].model_copy(update={"name": "contextual bandit"})
    bandit = kinds.model_copy(update={"technique": "contextual_bandit", "chosen": alike.id, "choices": (alike,)})

    assert not headlines(Approach(selections=(found,)))[0].startswith("reinforcement learning")
    both = headlines(Approach(selections=(found, bandit)))
    assert both[0].startswith("reinforcement learning: start with ")
    assert both[1].startswith("contextual bandit, as far as answered; ")


def test_no_name_of_a_method_names_two_others() -> None:
    assert not [choice.name for choice in methods(RL).values() if " or " in choice.name]


def test_risks_of_several_agents_are_out_where_the_rung_is_one_call_and_in_where_it_is_theirs() -> None:
    one = {"run_steps": "one", "outside_knowledge": "no", "tool_effects": "none", "steps_fixed": "yes"}
    several = {"run_steps": "many", "steps_fixed": "no", "separate_access": "yes", "input_kinds": "several"}
    several |= {"run_value": "up_to_5", "parallel_parts": "no"}
    few = {entry.id for entry in approach(LANGUAGE | SAFE | one).risks}
    many = {entry.id: entry.standing for entry in approach(LANGUAGE | SAFE | several).risks}
    for name in ("disobeyed_role", "information_withheld", "ignored_input", "conversation_reset"):
        assert name not in few
        assert many[name] == "fits"


def test_a_case_file_may_hold_follow_up_answers_and_wrong_ones_are_named_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("scoper: 1\ntitle: t\nanswers:\n  run_steps: few\n  tool_effects: none\n", encoding="utf-8")
    file = read_case(path, LIBRARY.questions)
    assert file.case.facts() == {"run_steps": "few", "tool_effects": "none"}
    changed = set_answer(file, "run_value", (Answer(answer="above_5"),), LIBRARY.questions)
    assert read_case(path, LIBRARY.questions).case == changed.case
    path.write_text("scoper: 1\ntitle: t\nanswers:\n  run_step: few\n  tool_effects: nothing\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_case(path, LIBRARY.questions)
    said = [problem.sentence() for problem in caught.value.problems]
    assert "case.yaml:4:3" in said[0]
    assert "did you mean 'run_steps'?" in said[0]
    assert "case.yaml:5:17" in said[1]
    assert "none, read_only, reversible, irreversible, unknown" in said[1]


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({}, "decision_table"),
        ({"steps_fixed": "yes", "waits_between_steps": "no"}, "decision_table"),
        ({"steps_fixed": "yes", "automation_output": "decision"}, "decision_table"),
        ({"steps_fixed": "yes", "automation_output": "records"}, "script"),
        ({"steps_fixed": "yes", "automation_output": "flow", "waits_between_steps": "yes"}, "workflow_engine"),
    ],
)
def test_written_rules_for_each_case_are_a_decision_table_unless_more_or_less_than_a_decision_comes_out(
    facts: dict[str, str], kind: str
) -> None:
    found = approach({"known_rules": "yes", "language_and_tools": "no", **facts}).of_kind("sub_type")

    assert found is not None
    assert found.chosen == kind


def test_large_whole_numbers_are_amounts_and_are_not_told_to_be_no_whole_numbers() -> None:
    asked = LIBRARY.questions.follow_ups["plan_form"].meanings
    assert "rounding does not matter" in asked["amounts"]
    assert "rounding matters" in asked["yes_no_choices"]
    plan = {"language_and_tools": "no", "known_rules": "no", "reward_measurable": "yes", "solver_formulation": "yes"}
    found = approach({**plan, "sequential_delayed": "no", "plan_form": "amounts"}).of_kind("sub_type")
    assert found is not None
    (program,) = [choice for choice in found.choices if choice.id == "integer_program"]
    assert [reason.text for reason in program.why_not] == [
        "The plan is made of amounts that can be rounded without harm."
    ]
