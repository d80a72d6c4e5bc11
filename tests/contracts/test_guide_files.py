"""Methods, rungs, sub-types, follow-up questions, the failure lists and the claims: complete, sound, and each used."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from scoper.domain.decision import FAMILIES
from scoper.reasoning.checks.guide import inspect
from scoper.reasoning.subject import Subject
from scoper.services.claims import COLUMNS, KINDS, read_claims
from scoper.services.guide import Guide
from scoper.services.library import load_library
from scoper.services.strict_yaml import parse, read_text, to_python

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = load_library()
GUIDE = Guide(LIBRARY)
CLAIMS = read_claims(LIBRARY)  # raises where a target does not exist
ASKED_FOR = {
    *("value_iteration", "policy_iteration", "linear_programming", "q_learning", "sarsa", "dqn", "reinforce", "a2c"),
    *("ppo", "sac", "td3", "dyna_q", "learned_model_mpc", "mcts", "behaviour_cloning", "fitted_q_iteration"),
    *("conservative_q_learning", "off_policy_evaluation", "multi_agent_ppo", "linear_thompson", "constrained_ppo"),
    *("recurrent_ppo", "frame_stacking"),
}
FOLLOW_UP_LIMITS = {"text": 220, "why": 240, "example": 200, "counter_example": 200}


def read(path: Path) -> Any:
    return to_python(parse(read_text(path), path.name))


def of(folder: str) -> list[Any]:
    paths = sorted((ROOT / "rules" / folder).rglob("*.yaml"))
    return [pytest.param(path, id=path.stem) for path in paths]


def test_every_method_that_was_asked_for_is_on_file_and_every_family_has_one() -> None:
    methods = {method.id: method for method in GUIDE.methods}
    assert set(methods) >= ASKED_FOR
    assert {method.family for method in methods.values()} >= set(FAMILIES)


@pytest.mark.parametrize("path", of("methods"))
def test_a_method_says_what_it_needs_and_costs_who_prefers_it_and_what_people_use(path: Path) -> None:
    method = read(path)
    assert method["needs"]
    assert set(method["cost"]) == {"steps", "compute", "effort"}
    assert method["libraries"]
    assert method["source"]
    assert method["prefers"]
    assert all(preference["source"] for preference in method["prefers"])
    assert re.fullmatch(r"[^\n]+\.", method["summary"])


def test_the_ladder_has_six_rungs_and_the_patterns_of_workflows_and_of_several_agents() -> None:
    levels = [option.level for option in GUIDE.ladder]
    assert sorted(set(levels)) == [0, 1, 2, 3, 4, 5]
    assert [levels.count(level) for level in range(6)] == [1, 1, 1, 5, 1, 5]
    assert all(option.texts["climb"] and option.texts["check"] and option.texts["costs"] for option in GUIDE.ladder)
    assert all(
        re.search(r"\d|none|percent|point|one|fewer|nothing", " ".join(o.texts["climb"]), re.I) for o in GUIDE.ladder
    )


@pytest.mark.parametrize(
    ("group", "asked_for"),
    [
        (
            "plain_automation",
            {
                *("script", "decision_table", "workflow_engine", "robotic_process", "optimisation_solver"),
                *("control_loop", "forecast_threshold"),
            },
        ),
        ("supervised_learning", {"classification", "regression", "forecasting"}),
        ("contextual_bandit", {"ab_test", "contextual_choice", "policy_from_logs"}),
        ("classical_optimisation", {"linear_program", "integer_program", "scheduling", "rolling_horizon"}),
        ("not_yet", {"settle_answers", "define_reward", "get_trials", "start_logging", "label_cases"}),
    ],
)
def test_a_technique_has_its_sub_types_each_with_a_check_a_first_week_and_when_to_stop(
    group: str, asked_for: set[str]
) -> None:
    options = {option.id: option for option in GUIDE.sub_types(group)}
    assert set(options) >= asked_for
    for option in options.values():
        assert {"check", "first_week", "kill", "come_back"} <= set(option.texts)


def test_nothing_is_wrong_with_rungs_sub_types_capabilities_and_methods_over_all_cases() -> None:
    assert list(inspect(Subject(LIBRARY.pack, guide=GUIDE.rules()))) == []


@pytest.mark.parametrize("path", of("follow_ups"))
def test_a_follow_up_question_fits_a_terminal_and_is_no_signal(path: Path) -> None:
    question = read(path)
    assert question["id"] == path.stem not in LIBRARY.questions
    assert [key for key, limit in FOLLOW_UP_LIMITS.items() if len(question[key]) > limit] == []
    assert [value for value, text in question["meanings"].items() if len(text) > 110] == []
    assert "?" in question["text"]
    assert "open" in question["meanings"]["unknown"]
    assert len(set(question["meanings"].values())) == len(question["meanings"])


def test_every_follow_up_question_is_read_by_a_rung_a_sub_type_a_capability_or_a_risk() -> None:
    rules = GUIDE.rules()
    used = {fact for options in rules.groups.values() for option in options for fact in option.facts}
    used |= {
        fact for options in rules.groups.values() for option in options for line in option.why for fact in line.when
    }
    used |= {name for capability in rules.capabilities for name in capability.inputs}
    used |= {fact for param in of("risks") for fact in read(param.values[0]).get("when", {})}
    assert set(GUIDE.follow_ups) - used == set()


def test_the_register_holds_the_articles_three_failures_masts_fourteen_and_owasps_ten_each_once() -> None:
    listed = [entry for param in of("risks") if (entry := read(param.values[0]).get("catalogue"))]
    mast = {f"MAST FM-{group}.{k}" for group, n in ((1, 5), (2, 6), (3, 3)) for k in range(1, n + 1)}
    owasp = {f"OWASP ASI{k:02}" for k in range(1, 11)}
    article = {f"TechnoLynx failure {k} of 3" for k in (1, 2, 3)}
    assert len(mast) == 14
    assert sorted(listed) == sorted(mast | owasp | article)


def test_every_one_of_the_67_claims_is_encoded_or_says_why_not() -> None:
    claims = CLAIMS
    assert [claim.number for claim in claims] == list(range(1, 68))
    assert all(bool(claim.targets) != bool(claim.not_encoded) for claim in claims)
    assert sum(bool(claim.not_encoded) for claim in claims) <= 4
    assert all(len(claim.not_encoded) >= 60 for claim in claims if claim.not_encoded)


def test_each_of_the_six_rows_names_its_cells_its_question_and_a_rule() -> None:
    claims = {claim.number: claim for claim in CLAIMS}
    rows = {question.row: signal for signal, question in LIBRARY.questions.items() if question.row}
    for row, signal in rows.items():
        targets = claims[31 + row].targets
        assert set(targets["cells"]) == {
            f"{row}/{technique}" for technique in ("reinforcement_learning", "llm_orchestration", "plain_automation")
        }
        assert targets["questions"] == (signal,)
        assert targets["rules"]


def test_every_kind_of_target_stands_in_one_column_of_the_matrix() -> None:
    assert len(KINDS) == len(set(KINDS)) == sum(len(kinds) for kinds in COLUMNS.values())
    used = {kind for claim in CLAIMS for kind in claim.targets}
    assert used <= set(KINDS)
    for column in COLUMNS:
        assert any(claim.column(column) for claim in CLAIMS), column
