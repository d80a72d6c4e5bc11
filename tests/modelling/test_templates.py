"""Every MDP template, filled with its example: what is asked of all of them alike.

What each one's optimum is tested against stands in the folder `templates` beside this file.
"""

import re
import subprocess
import sys

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from scoper.domain.mdp import MdpSpec
from scoper.errors import InputError
from scoper.modelling.arrays import compile_spec
from scoper.modelling.standalone import generate_env_source, generate_test_source
from scoper.numerics.evaluate import evaluate
from scoper.numerics.qlearning import q_learning, suggested_steps
from scoper.numerics.solve import backward_induction, policy_iteration, start_value
from scoper.services.library import load_library
from scoper.services.mdp_templates import SKELETON, fill, load_templates
from scoper.services.specs import parse_spec

LIBRARY = load_library()
TEMPLATES = load_templates(LIBRARY)
MOST_STATES = 200_000
OBJECTIVE_DIFFERS = {"data_centre_cooling", "lift_dispatch", "order_execution", "traffic_signal", "treatment_dosing"}


def filled(name):
    spec = parse_spec(TEMPLATES[name].filled(), f"{name}.yaml")
    return spec, compile_spec(spec)


def test_there_are_fourteen_templates_beside_the_empty_frame():
    assert len(TEMPLATES.keys() - {SKELETON}) >= 14


@pytest.mark.parametrize("name", TEMPLATES)
def test_placeholders_are_all_that_is_missing_and_the_example_fills_them_all(name):
    template = TEMPLATES[name]
    with pytest.raises(InputError) as caught:
        parse_spec(template.spec, "mdp.yaml")

    assert {problem.code for problem in caught.value.problems} == {"spec-unfilled"}
    assert len(caught.value.problems) == len(template.example) == template.spec.count("TODO")
    assert all("e.g. " in problem.message for problem in caught.value.problems)
    assert "TODO" not in template.filled()


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_example_is_the_number_that_the_comment_suggests(name):
    template = TEMPLATES[name]
    with pytest.raises(InputError) as caught:
        parse_spec(template.spec, "mdp.yaml")

    suggested = [problem.message.rpartition("e.g. ")[2] for problem in caught.value.problems]
    assert sorted(suggested) == sorted(template.example.values())


@pytest.mark.slow
@pytest.mark.parametrize("name", TEMPLATES)
def test_a_filled_template_is_small_and_its_optimum_beats_its_rules_of_thumb(name):
    spec, compiled = filled(name)
    mdp = compiled.mdp
    assert not mdp.notes
    assert mdp.n_states <= MOST_STATES
    assert len(compiled.baselines) >= (1 if name == SKELETON else 2) or name in ("inventory", "grid_navigation")
    if spec.horizon is not None:
        best = backward_induction(mdp, spec.horizon).value[0]
        values = [evaluate(mdp, policy, horizon=spec.horizon) for policy in compiled.baselines.values()]
        slack = 1e-6
    else:
        solution = policy_iteration(mdp)
        best, slack = solution.optimum(), solution.error_bound
        values = [evaluate(mdp, policy) for policy in compiled.baselines.values()]

    assert all((value <= best + slack).all() for value in values)
    assert all(start_value(mdp, value) < start_value(mdp, best) + slack for value in values)


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_objective_is_the_reward_unless_the_template_means_them_to_differ(name):
    _, compiled = filled(name)
    same = compiled.objective is not None and np.allclose(compiled.objective, compiled.mdp.reward)

    assert same == (name not in OBJECTIVE_DIFFERS)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_reward_term_counts_somewhere(name):
    _, compiled = filled(name)

    assert all(np.any(term != 0) for term in compiled.terms.values())


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_states_a_summary_of_one_sentence_and_a_source_with_a_year(name):
    template = TEMPLATES[name]

    assert template.summary.endswith(".")
    assert template.summary.count(". ") == 0
    assert re.search(r"\b(1[89]|20)\d\d\b", template.source)


@pytest.mark.parametrize("name", sorted(TEMPLATES.keys() - {SKELETON}))
def test_a_template_says_what_its_optimum_is_known_to_be_and_what_a_case_speaks_of_that_fits(name):
    template = TEMPLATES[name]

    assert template.optimum.endswith(".")
    assert template.optimum.count(". ") == 0
    assert len(template.topics) >= 3
    assert any(topic.core for topic in template.topics)
    assert all(topic.words and 0 < abs(topic.weight) <= 3 for topic in template.topics)
    assert not any(topic.core and topic.weight < 0 for topic in template.topics)
    assert template.prefers.keys() <= LIBRARY.questions.keys()
    for signal, points in template.prefers.items():
        assert points.keys() <= set(LIBRARY.questions[signal].values)


@pytest.mark.parametrize("name", sorted(TEMPLATES.keys() - {SKELETON}))
def test_no_word_of_a_template_stands_in_two_topics(name):
    words = [word for topic in TEMPLATES[name].topics for word in topic.words]

    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_filled_template_is_a_sound_environment(name):
    spec, _ = filled(name)
    assert isinstance(spec, MdpSpec)
    module: dict[str, object] = {"__name__": "drafted"}
    exec(compile(generate_env_source(spec), "env.py", "exec"), module)

    check_env(module["ScopedEnv"](), skip_render_check=True)


def test_filling_needs_a_placeholder_at_the_path():
    with pytest.raises(InputError, match=r"there is no TODO at 'reward.nothing'"):
        fill(TEMPLATES["inventory"].spec, {"reward.nothing": "1"})


@pytest.mark.slow
@pytest.mark.parametrize("name", TEMPLATES)
def test_the_generated_test_passes_on_the_generated_environment(name, tmp_path):
    spec, _ = filled(name)
    (tmp_path / "env.py").write_text(generate_env_source(spec), encoding="utf-8")
    (tmp_path / "test_env.py").write_text(generate_test_source(), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
        str(tmp_path),
    ]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)

    assert run.returncode == 0, run.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", ["inventory", "machine_maintenance", "queue_admission", "grid_navigation"])
def test_q_learning_comes_within_five_percent_of_the_gap_on_every_template(name):
    _, compiled = filled(name)
    mdp, horizon = compiled.mdp, compiled.mdp.horizon or 500
    run = q_learning(mdp, steps=suggested_steps(mdp), seeds=[0, 1, 2], discount=mdp.discount, horizon=horizon)

    optimum = start_value(mdp, backward_induction(mdp, horizon, discount=1.0).value[0])
    uniform = mdp.available / mdp.available.sum(axis=1, keepdims=True)
    floor = start_value(mdp, evaluate(mdp, uniform, discount=1.0, horizon=horizon))
    share = (run.returns[:, -1] - floor) / (optimum - floor)
    assert (share >= 0.95).all(), share
