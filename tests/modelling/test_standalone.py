"""The generated file is the environment of the spec, number for number at equal seeds."""

import ast

import numpy as np
import pytest
from gymnasium.spaces import Box
from gymnasium.utils.env_checker import check_env
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoper.domain.mdp import MdpSpec, Variable
from scoper.modelling.expressions import parse_expression
from scoper.modelling.scalar import scalar_of
from scoper.modelling.spec_env import spec_env
from scoper.modelling.standalone import generate_env_source

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def same(first, second):
    """Equal to the last bit, whatever holds the numbers."""
    if isinstance(first, dict):
        return first.keys() == second.keys() and all(same(first[key], second[key]) for key in first)
    if isinstance(first, np.ndarray):
        return first.dtype == second.dtype and first.tobytes() == second.tobytes()
    return type(first) is type(second) and repr(first) == repr(second)


@pytest.mark.slow
@settings(max_examples=50, deadline=None, suppress_health_check=SLOW)
@given(data=st.data(), seed=st.integers(0, 2**31 - 1))
def test_the_generated_file_is_the_environment_bit_for_bit(random_specs, module_of, data, seed):
    spec = data.draw(random_specs.specs())
    mine, theirs = spec_env(spec), module_of(spec).ScopedEnv()
    assert mine.observation_space == theirs.observation_space
    assert mine.action_space == theirs.action_space
    mine.action_space.seed(seed)

    answers = mine.reset(seed=seed), theirs.reset(seed=seed)
    assert all(same(a, b) for a, b in zip(*answers, strict=True))
    for _ in range(12):
        assert same(mine.action_masks(), theirs.action_masks())
        action = mine.action_space.sample()
        answers = mine.step(action), theirs.step(action)
        assert all(same(a, b) for a, b in zip(*answers, strict=True)), (spec, answers)
        if answers[0][2] or answers[0][3]:
            answers = mine.reset(), theirs.reset()
            assert all(same(a, b) for a, b in zip(*answers, strict=True))


@pytest.mark.filterwarnings("ignore:.*we recommend using a symmetric and normalized space")  # actions keep their units
@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_gymnasium_accepts_environments_and_generated_files_without_a_warning(random_specs, module_of, data):
    spec = data.draw(random_specs.specs())
    for env in (spec_env(spec), module_of(spec).ScopedEnv()):
        if is_usual(env.observation_space) and is_usual(env.action_space):
            check_env(env, skip_render_check=True)


def is_usual(space):
    """Gymnasium warns of numbers without bounds, and of those that are always the same, whatever else is right."""
    return not isinstance(space, Box) or (space.is_bounded() and bool((space.low < space.high).all()))


@settings(max_examples=10, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_the_generated_file_imports_numpy_gymnasium_and_typing_only(random_specs, data):
    tree = ast.parse(generate_env_source(data.draw(random_specs.specs())))

    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {"numpy", "gymnasium", "typing", "__future__"}


def test_the_global_random_numbers_neither_matter_nor_move(random_specs, module_of):
    spec = inventory(random_specs)
    for env in (spec_env(spec), module_of(spec).ScopedEnv()):
        np.random.seed(1)  # noqa: NPY002  # the global generator is the point
        first = [env.reset(seed=4)[0].tolist(), *(env.step(3)[0].tolist() for _ in range(20))]
        state = np.random.get_state()[1].tolist()  # noqa: NPY002
        np.random.seed(2)  # noqa: NPY002
        again = [env.reset(seed=4)[0].tolist(), *(env.step(3)[0].tolist() for _ in range(20))]

        assert first == again
        np.random.seed(1)  # noqa: NPY002
        assert np.random.get_state()[1].tolist() == state  # noqa: NPY002


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_single_numbers_give_what_arrays_of_them_give(random_specs, data):
    text = data.draw(random_specs.numbers(("x", "y"), ()))
    expression = parse_expression(text, ["x", "y"], {"red": 0.0, "green": 1.0, "blue": 2.0}, random_specs.TABLES)
    several = np.array(data.draw(st.lists(st.sampled_from([-3.0, -0.5, 0.0, 0.1, 1.0, 2.5]), min_size=4, max_size=4)))
    single, together = scalar_of(expression), expression.evaluate({"x": several, "y": 0.3})

    for x, expected in zip(several, np.broadcast_to(together, several.shape), strict=True):
        values = {"x": float(x), "y": 0.3}
        assert single(values) == float(expression.evaluate(values))
        assert single(values) == pytest.approx(float(expected), rel=1e-12)  # arrays use other instructions for exp


def inventory(random_specs, **changes):
    stock = Variable(kind="integer", low=0, high=9)
    return MdpSpec(
        name="shelf",
        discount=0.9,
        state={"stock": stock},
        actions={"order": stock},
        exogenous={"demand": random_specs.LAWS[1]},
        next={"stock": "max(0, stock + order - demand)"},
        reward={"paid": "stock - order"},
        start={"stock": {0: 0.5, 5: 0.5}},
        **changes,
    )


def test_what_is_no_action_is_refused_and_an_unavailable_one_too_where_that_is_wanted(random_specs, module_of):
    spec = inventory(random_specs, available="stock + order <= 9")
    for env in (spec_env(spec, strict=True), module_of(spec).ScopedEnv(strict=True)):
        _, info = env.reset(seed=0, options={"state": {"stock": 7}})
        assert info["action_mask"].tolist() == [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
        with pytest.raises(ValueError, match="not available"):
            env.step(3)
        for nothing in (10, -1, 0.5, [1, 2], float("nan")):
            with pytest.raises(ValueError, match="is no action"):
                env.step(nothing)
        assert env.step(2)[4]["replaced"] is False


def test_the_environment_plays_the_rules_of_its_spec(random_specs):
    spec = inventory(random_specs, baselines={"fill_up": {"order": "9 - stock"}, "wild": {"order": "stock / 2"}})
    env = spec_env(spec)
    env.reset(seed=0, options={"state": {"stock": 7}})

    assert env.ruled("fill_up") == 2
    with pytest.raises(ValueError, match="no such action"):
        env.ruled("wild")


def test_a_step_beyond_a_strict_range_is_an_error(random_specs, module_of):
    spec = inventory(random_specs, bounds="strict")
    for env in (spec_env(spec), module_of(spec).ScopedEnv()):
        env.reset(seed=0, options={"state": {"stock": 9}})
        with pytest.raises(ValueError, match=r"within|beyond"):
            env.step(9)


def test_terminated_wins_over_truncated_and_says_what_the_state_after_the_step_is(random_specs, module_of):
    spec = inventory(random_specs, terminated="stock == 9", horizon=1)
    for env in (spec_env(spec), module_of(spec).ScopedEnv()):
        env.reset(seed=0, options={"state": {"stock": 9}})
        observation, _, terminated, truncated, _ = env.step(9)
        assert (observation.tolist(), terminated, truncated) == ([9], True, False)
        env.reset(seed=0, options={"state": {"stock": 2}})
        assert env.step(0)[2:4] == (False, True)


def test_intervals_are_numbers_and_what_is_observed_is_all_that_is_seen(random_specs, module_of):
    tank = Variable(kind="continuous", low=0.0, high=2.0)
    spec = MdpSpec(
        name="tank",
        discount=0.9,
        state={"level": tank, "hidden": Variable(kind="integer", low=0, high=1)},
        actions={"flow": tank},
        next={"level": "level + 0.5 * flow - 0.25 * hidden", "hidden": "1 - hidden"},
        reward={"near": "-abs(level - 1)"},
        start={"level": 0.5, "hidden": 1},
        observation={"gauge": "level"},
    )
    for env in (spec_env(spec), module_of(spec).ScopedEnv()):
        assert env.reset(seed=0)[0].tolist() == [0.5]
        observation, reward, *_, info = env.step(np.array([1.0], dtype=np.float32))
        assert observation.tolist() == [0.5 + 0.5 - 0.25]
        assert reward == -0.5
        assert info["state"] == {"level": 0.75, "hidden": 0}
        assert env.step(np.array([99.0]))[0].tolist() == [1.75]  # held at 2, then half of it flows in
