"""Generated environments do what the arrays say, and what Gymnasium and stable-baselines3 demand."""

import subprocess
import sys

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from scoper.modelling.arrays import to_tabular
from scoper.modelling.distributions import points
from scoper.modelling.gym_env import tabular_env
from scoper.modelling.standalone import generate_env_source, generate_test_source

EVIL = 'x"""\nimport os; os.abort()\n\\'


def every_draw(spec):
    """All combinations of the exogenous draws with their probability."""
    combinations = [((), 1.0)]
    for law in spec.exogenous.values():
        values, shares, _ = points(law)
        combinations = [((*drawn, v), p * q) for drawn, p in combinations for v, q in zip(values, shares, strict=True)]
    return combinations


def check_against_arrays(spec, module):
    """Take every state, action and draw in the environment and sum up what the arrays must hold."""
    mdp, env = to_tabular(spec), module.ScopedEnv()
    names, shape = list(module.STATE), module.STATE_SHAPE
    for state in range(mdp.n_states):
        places = np.unravel_index(state, shape)
        values = {
            n: module.LABELS[n][p] if n in module.LABELS else module.STATE[n][p]
            for n, p in zip(names, places, strict=True)
        }
        for action in np.flatnonzero(mdp.available[state]):
            parts = np.unravel_index(action, module.ACTION_SHAPE)
            found = {}
            for draws, probability in every_draw(spec):
                env.reset(seed=0, options={"state": values})
                queue = iter(draws)
                module.drawn = lambda law, rng, queue=queue: float(next(queue))
                after, reward, terminated, _, _ = env.step(parts if len(parts) > 1 else parts[0])
                module.drawn = ORIGINAL[module]
                key = (int(np.ravel_multi_index(tuple(after), shape)), terminated)
                mass, paid = found.get(key, (0.0, 0.0))
                found[key] = (mass + probability, paid + probability * reward)
            pair = state * mdp.n_actions + action
            span = slice(mdp.offsets[pair], mdp.offsets[pair + 1])
            expected = dict(
                zip(
                    zip(mdp.successor[span].tolist(), mdp.terminates[span].tolist(), strict=True),
                    zip(mdp.probability[span], mdp.probability[span] * mdp.reward[span], strict=True),
                    strict=True,
                )
            )
            assert found.keys() == expected.keys()
            for key, amounts in expected.items():
                assert found[key] == pytest.approx(amounts, rel=1e-12, abs=1e-13)


ORIGINAL = {}


def test_every_step_of_the_generated_environment_is_that_of_the_arrays(spec_of, words_text, env_module):
    spec = spec_of(words_text)
    module = env_module(spec)
    ORIGINAL[module] = module.drawn

    check_against_arrays(spec, module)


def test_draws_occur_as_often_as_the_law_says(spec_of, inventory_text, env_module):
    spec = spec_of(inventory_text)
    module = env_module(spec)
    rng, n = np.random.default_rng(0), 40_000
    values, shares, _ = points(spec.exogenous["demand"])
    drawn = np.array([module.drawn(module.DRAWS["demand"], rng) for _ in range(n)])

    for value, share in zip(values, shares, strict=True):
        assert abs((drawn == value).mean() - share) <= 5 * np.sqrt(share * (1 - share) / n) + 1e-12


@pytest.mark.parametrize("which", ["words_text", "inventory_text"])
def test_gymnasium_accepts_the_generated_environment(request, spec_of, env_module, which):
    module = env_module(spec_of(request.getfixturevalue(which)))

    check_env(module.ScopedEnv(), skip_render_check=True)


@pytest.mark.deep
@pytest.mark.parametrize("which", ["words_text", "inventory_text"])
def test_stable_baselines_accepts_the_generated_environment(request, spec_of, env_module, which):
    from stable_baselines3.common.env_checker import check_env as check

    check(env_module(spec_of(request.getfixturevalue(which))).ScopedEnv(), warn=False)


@pytest.mark.parametrize("which", ["words_text", "inventory_text"])
def test_gymnasium_accepts_the_environment_of_the_arrays(request, spec_of, which):
    check_env(tabular_env(to_tabular(spec_of(request.getfixturevalue(which)))), skip_render_check=True)


def test_episodes_are_truncated_at_the_horizon_and_the_seed_decides_everything(spec_of, inventory_text, env_module):
    env = env_module(spec_of(inventory_text)).ScopedEnv()

    def run(seed):
        env.reset(seed=seed)
        rows = []
        while True:
            observation, reward, terminated, truncated, _ = env.step(4)
            rows.append((*observation.tolist(), reward))
            if terminated or truncated:
                return rows, terminated, truncated

    rows, terminated, truncated = run(3)
    assert (len(rows), terminated, truncated) == (90, False, True)
    assert run(3)[0] == rows
    assert run(4)[0] != rows


def test_info_holds_reward_terms_objective_and_the_state_in_words(spec_of, words_text, env_module):
    env = env_module(spec_of(words_text)).ScopedEnv()
    _, info = env.reset(seed=1)
    assert info["state"]["mode"] == "idle"
    _, reward, _, _, info = env.step([0, 1])

    terms = info["reward_terms"]
    assert reward == pytest.approx(terms["a"] + terms["b"])
    assert info["objective"] == pytest.approx(terms["a"] + 2 * terms["b"])
    assert info["replaced"] is False


def test_an_unavailable_action_counts_as_the_first_available_and_says_so(spec_of, words_text, env_module):
    env = env_module(spec_of(words_text)).ScopedEnv()
    env.reset(seed=1, options={"state": {"mode": "broken", "level": 0, "k": 0}})

    assert env.action_masks().tolist() == [1, 0, 1, 0]
    assert env.step([1, 1])[4]["replaced"] is True


def test_text_of_the_spec_never_becomes_code(spec_of, inventory_text):
    spec = spec_of(inventory_text).model_copy(update={"name": EVIL, "summary": EVIL, "timestep": EVIL})
    source = generate_env_source(spec, note=EVIL)

    docstring = compile(source, "env.py", "exec").co_consts[0]
    assert "import os; os.abort()" in docstring
    assert source.count('"""') == generate_env_source(spec_of(inventory_text)).count('"""')


@pytest.mark.slow
def test_the_generated_file_imports_nothing_of_scoper_and_its_own_tests_pass(tmp_path, spec_of, words_text):
    source = generate_env_source(spec_of(words_text))
    (tmp_path / "env.py").write_text(source, encoding="utf-8")
    (tmp_path / "test_env.py").write_text(generate_test_source(), encoding="utf-8")

    assert "scoper" not in source.replace("ScopedEnv", "")
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
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "3 passed" in finished.stdout
