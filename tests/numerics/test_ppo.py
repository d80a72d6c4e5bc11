"""PPO in numpy: derivatives against finite differences, estimates and optimiser against their formulas."""

import math

import numpy as np
import pytest

from scoper.numerics.ppo.adam import Adam
from scoper.numerics.ppo.checkpoint import Checkpoint
from scoper.numerics.ppo.heads import head_of
from scoper.numerics.ppo.layout import Layout, blocks, first_rows, from_state_dict, to_state_dict
from scoper.numerics.ppo.learner import Greedy, Learner
from scoper.numerics.ppo.moments import Moments, Normaliser, Scale
from scoper.numerics.ppo.network import Outputs
from scoper.numerics.ppo.rollout import Rollout, advantages
from scoper.numerics.ppo.settings import PpoSettings

LAWS = ("categorical", "gaussian", "sde")
SMALL = PpoSettings(n_envs=4, n_steps=8, batch_size=16, n_epochs=3, ent_coef=0.01)


def layout_of(law):
    return Layout(n_inputs=3, n_outputs=2, law=law, hidden=(6, 5))


def rollouts(law, seeds, n=3):
    """Made-up rollouts, a seed's own numbers depending on the seed alone."""
    for round_ in range(n):
        parts = []
        for seed in seeds:
            g = np.random.default_rng([seed, round_])
            shape = (SMALL.n_envs, SMALL.n_steps)
            actions = g.integers(0, 2, (*shape, 1)) if law == "categorical" else g.normal(size=(*shape, 2))
            parts.append((g.normal(size=(*shape, 3)), actions, *g.normal(size=(4, *shape))))
        arrays = [np.stack(part).astype(np.float32) for part in zip(*parts, strict=True)]
        arrays[3] = (arrays[3] > 1.0).astype(np.float32)
        yield Rollout(*arrays)


def learned(law, seeds, settings=SMALL):
    learner = Learner(layout_of(law), settings, list(seeds))
    for rollout in rollouts(law, seeds):
        last = rollout.values[:, :, 0]
        learner.update(rollout, last, last > 1.0, 0.0)
    return learner


def loss_of(law, state, settings, batch):
    """The loss in double precision, written down once more and slowly."""
    observations, actions, better, target, old = (np.asarray(part[0], dtype=float) for part in batch)
    state = {name: np.asarray(array, dtype=float) for name, array in state.items()}

    def tower(net):
        layer = observations
        for depth in (0, 2):
            stem = f"mlp_extractor.{net}_net.{depth}"
            layer = np.tanh(layer @ state[f"{stem}.weight"].T + state[f"{stem}.bias"])
        return layer

    features = tower("policy")
    out = features @ state["action_net.weight"].T + state["action_net.bias"]
    values = (tower("value") @ state["value_net.weight"].T + state["value_net.bias"])[:, 0]
    if law == "categorical":
        p = np.exp(out) / np.exp(out).sum(axis=1, keepdims=True)
        log_prob = np.log(p[np.arange(len(p)), actions[:, 0].astype(int)])
        entropy = -(p * np.log(p)).sum(axis=1)
    else:
        variance = np.exp(state["log_std"]) ** 2
        if law == "sde":  # the noise does not train the features: its derivative takes them as given
            variance = state.get("frozen", features) ** 2 @ variance + 1e-6
        log_prob = (-((actions - out) ** 2) / (2 * variance) - 0.5 * np.log(2 * np.pi * variance)).sum(axis=1)
        entropy = (0.5 * np.log(2 * np.pi * math.e * variance) * np.ones_like(out)).sum(axis=1)
    better = (better - better.mean()) / (better.std(ddof=1) + 1e-8)
    ratio = np.exp(log_prob - old)
    clipped = np.clip(ratio, 1 - settings.clip_range, 1 + settings.clip_range)
    policy = -np.minimum(better * ratio, better * clipped).mean()
    return policy - settings.ent_coef * entropy.mean() + settings.vf_coef * ((target - values) ** 2).mean(), features


@pytest.mark.parametrize("law", LAWS)
def test_the_backward_pass_is_the_derivative_of_the_loss(law):
    # with gamma 0 an advantage is reward minus value, and one minibatch of one epoch is one derivative
    settings = PpoSettings(
        n_steps=40, batch_size=40, n_epochs=1, gamma=0.0, ent_coef=0.1, max_grad_norm=1e9, learning_rate=0.0
    )
    layout, g = layout_of(law), np.random.default_rng(7)
    row = 0.5 * g.normal(size=layout.size).astype(np.float32)
    learner = Learner(layout, settings, [0], row[None])
    actions = g.integers(0, 2, (1, 40, 1)) if law == "categorical" else g.normal(size=(1, 40, 2))
    observations, actions = g.normal(size=(1, 40, 3)).astype(np.float32), actions.astype(np.float32)
    rewards, values = g.normal(size=(2, 1, 40)).astype(np.float32)
    found = learner._network(40).forward(learner._parameters, observations)
    now, _ = learner._head.log_prob(found, learner._parameters.log_std, actions)
    old = now + 0.3 * g.normal(size=(1, 40)).astype(np.float32)  # a part of the ratios is outside the clip range
    rollout = Rollout(*(part[:, None] for part in (observations, actions, rewards, 0 * old, values, old)))
    learner.update(rollout, np.zeros((1, 1), np.float32), np.ones((1, 1), bool), 0.0)

    state = to_state_dict(layout, row)
    batch = (observations, actions, rewards - values, rewards, old)
    _, features = loss_of(law, state, settings, batch)
    analytic = to_state_dict(layout, learner._gradient.flat[0])
    for name, array in state.items():
        for index in list(np.ndindex(array.shape))[::3]:
            ends = []
            for step in (1e-5, -1e-5):
                moved = {k: v.astype(float) for k, v in state.items()} | {"frozen": features}
                moved[name][index] += step
                ends.append(loss_of(law, moved, settings, batch)[0])
            assert (ends[0] - ends[1]) / 2e-5 == pytest.approx(analytic[name][index], rel=2e-3, abs=2e-5), (name, index)


@pytest.mark.parametrize("law", LAWS)
def test_a_seed_learns_the_same_bytes_alone_and_among_five(law):
    alone, among = learned(law, [3]), learned(law, [0, 1, 2, 3, 4])

    assert alone.rows.tobytes() == among.rows[3:4].tobytes()
    assert np.abs(among.rows[3] - among.rows[4]).max() > 1e-3


def test_a_seed_that_leaves_changes_nothing_for_the_others():
    everyone, two = (Learner(layout_of("categorical"), SMALL, [0, 1, 2]) for _ in range(2))
    for step, rollout in enumerate(rollouts("categorical", [0, 1, 2])):
        everyone.update(rollout, rollout.values[:, :, 0], rollout.starts[:, :, 0] > 0, 0.0)
        if step == 1:
            two.keep([0, 2])
        if step >= 1:
            rollout = Rollout(*(getattr(rollout, name)[[0, 2]] for name in vars(rollout)))
        two.update(rollout, rollout.values[:, :, 0], rollout.starts[:, :, 0] > 0, 0.0)

    assert two.rows.tobytes() == everyone.rows[[0, 2]].tobytes()


def test_without_discount_an_advantage_is_what_is_still_earned_minus_the_value():
    shape = (1, 1, 4)
    rewards = np.array([1, 2, 4, 8], dtype=np.float32).reshape(shape)
    starts = np.array([1, 0, 1, 0], dtype=np.float32).reshape(shape)  # an episode ended after the second timestep
    values = np.full(shape, 10, dtype=np.float32)
    rollout = Rollout(np.zeros((*shape, 1)), np.zeros((*shape, 1)), rewards, starts, values, values)

    going_on = advantages(rollout, np.full((1, 1), 100, np.float32), np.zeros((1, 1), bool), 1.0, 1.0)
    ended = advantages(rollout, np.full((1, 1), 100, np.float32), np.ones((1, 1), bool), 1.0, 1.0)

    assert going_on[0, 0].tolist() == [3 - 10, 2 - 10, 112 - 10, 108 - 10]
    assert ended[0, 0].tolist() == [3 - 10, 2 - 10, 12 - 10, 8 - 10]


def test_the_trace_of_advantages_decays_with_gamma_times_lambda():
    shape, gamma, lam = (1, 1, 5), 0.9, 0.5
    rewards = np.zeros(shape, np.float32)
    rewards[0, 0, 4] = 1.0
    zero = np.zeros(shape, np.float32)
    rollout = Rollout(np.zeros((*shape, 1)), np.zeros((*shape, 1)), rewards, zero, zero, zero)

    found = advantages(rollout, np.zeros((1, 1), np.float32), np.ones((1, 1), bool), gamma, lam)

    assert found[0, 0] == pytest.approx([(gamma * lam) ** (4 - t) for t in range(5)])


def test_adams_first_step_is_the_learning_rate_in_the_direction_of_the_clipped_gradient():
    parameters = np.zeros((2, 2), np.float32)
    gradient = np.array([[3.0, -4.0], [0.03, 0.04]], np.float32)  # norms 5 and 0.05, the second below the limit

    Adam(2, 2).step(parameters, gradient, 0.1, 0.5)

    clipped = np.array([[0.3, -0.4], [0.03, 0.04]])
    assert gradient == pytest.approx(clipped, rel=1e-5)
    assert parameters == pytest.approx(-0.1 * clipped / (np.abs(clipped) + 1e-5), rel=1e-5)


def test_first_weights_are_orthogonal_with_the_gain_of_their_layer_and_biases_are_zero():
    layout = Layout(4, 2, "gaussian", (8, 8))
    parts = blocks(layout, first_rows(layout, [np.random.default_rng(s) for s in range(3)], -0.5))

    for seed in range(3):
        for net in range(2):
            first, second = parts.weights[0][seed, net], parts.weights[1][seed, net]
            assert first @ first.T == pytest.approx(2 * np.eye(4), abs=1e-5)
            assert second.T @ second == pytest.approx(2 * np.eye(8), abs=1e-5)
        head = parts.policy_weight[seed]
        assert head.T @ head == pytest.approx(1e-4 * np.eye(2), abs=1e-8)
        assert np.linalg.norm(parts.value_weight[seed]) == pytest.approx(1.0)
    assert all(not bias.any() for bias in (*parts.biases, parts.policy_bias, parts.value_bias))
    assert (parts.log_std == -0.5).all()


def test_first_weights_that_are_not_orthogonal_are_uniform_within_one_over_the_root_of_the_inputs():
    layout = Layout(16, 2, "gaussian", (64, 64))
    state = to_state_dict(layout, first_rows(layout, [np.random.default_rng(0)], -3.0, orthogonal=False)[0])

    assert (state.pop("log_std") == -3.0).all()
    for name, array in state.items():
        bound = 1 / 4 if ".0." in name else 1 / 8  # the first layers have 16 inputs, all others 64
        assert np.abs(array).max() <= bound
        if array.size > 100:
            assert array.std() == pytest.approx(bound / math.sqrt(3), rel=0.1)


def test_actions_are_drawn_by_their_probabilities():
    logits = np.log(np.array([0.1, 0.0001, 0.6, 0.2999], np.float32))
    noise = ((np.arange(10_000) + 0.5) / 10_000).astype(np.float32)  # every quantile once
    outputs = np.broadcast_to(logits, (1, 10_000, 4))

    drawn = head_of("categorical").sample(Outputs(outputs, noise[None], noise[None]), noise, noise[None])

    assert np.bincount(drawn.astype(int).ravel(), minlength=4) == pytest.approx([1000, 1, 6000, 2999], abs=1)


def test_running_moments_are_those_of_everything_seen():
    g = np.random.default_rng(0)
    parts = [g.normal(3.0, 2.0, size=(2, n, 3)) for n in (5, 1, 40)]
    moments = Moments(2, 3)
    for part in parts:
        moments.update(part)
    seen = np.concatenate(parts, axis=1)

    assert moments.mean == pytest.approx(seen.mean(axis=1), rel=1e-4)  # what it begins with weighs 1e-4 of a value
    assert moments.variance == pytest.approx(seen.var(axis=1), rel=1e-3)


def test_rewards_are_scaled_by_the_deviation_of_the_discounted_return_and_cut_at_ten():
    normaliser = Normaliser(1, 2, 1, 0.5, observations=False)
    first = normaliser.reward(np.array([[2.0, 4.0]], np.float32), np.array([[False, True]]))
    second = normaliser.reward(np.array([[2.0, 4.0]], np.float32), np.array([[False, False]]))

    weights, seen = [1e-4, 1, 1], [0.0, 2.0, 4.0]
    mean = np.average(seen, weights=weights)
    deviation = math.sqrt(np.average((np.array(seen) - mean) ** 2 + [1, 0, 0], weights=weights))
    assert first[0] == pytest.approx([2 / deviation, 4 / deviation], rel=1e-5)
    # then the returns are 0.5 * 2 + 2 and, after the end of an episode, 4
    weights, seen = [1e-4, 1, 1, 1, 1], [0.0, 2.0, 4.0, 3.0, 4.0]
    mean = np.average(seen, weights=weights)
    deviation = math.sqrt(np.average((np.array(seen) - mean) ** 2 + [1, 0, 0, 0, 0], weights=weights))
    assert second[0] == pytest.approx([2 / deviation, 4 / deviation], rel=1e-5)
    assert normaliser.reward(np.array([[1e9, -1e9]], np.float32), np.zeros((1, 2), bool)).max() <= 10.0


def test_weights_that_are_no_numbers_any_more_are_an_error_and_not_a_policy():
    learner = Learner(layout_of("gaussian"), SMALL, [0])
    (rollout,) = rollouts("gaussian", [0], 1)
    rollout.observations[:] = np.nan

    with pytest.raises(FloatingPointError, match="infinite or undefined"):
        learner.update(rollout, np.zeros((1, 4), np.float32), np.zeros((1, 4), bool), 0.0)


def test_a_schedule_falls_linearly_and_stays_at_zero():
    settings = PpoSettings(learning_rate=0.4, linear=("learning_rate",))

    assert [settings.at("learning_rate", p) for p in (0.0, 0.25, 1.0, 1.1)] == pytest.approx([0.4, 0.3, 0.0, 0.0])
    assert settings.at("clip_range", 0.9) == 0.2


@pytest.mark.parametrize("law", LAWS)
def test_a_checkpoint_comes_back_from_its_bytes(law):
    layout = layout_of(law)
    row = np.random.default_rng(1).normal(size=layout.size).astype(np.float32)
    scale = Scale(np.array([[1.0, 2.0, 3.0]]), np.array([[4.0, 5.0, 6.0]]))

    back = Checkpoint.from_bytes(layout, Checkpoint(layout, row, scale).to_bytes())

    assert back.row.tobytes() == row.tobytes()
    assert back.scale is not None
    assert back.scale.mean.tolist() == [[1.0, 2.0, 3.0]]
    assert Checkpoint.from_bytes(layout, Checkpoint(layout, row).to_bytes()).scale is None


def test_a_state_dict_of_other_shapes_or_without_a_name_is_refused():
    layout = layout_of("gaussian")
    state = to_state_dict(layout, np.zeros(layout.size, np.float32))

    with pytest.raises(ValueError, match=r"action_net.bias.*\(3,\) instead of \(2,\)"):
        from_state_dict(layout, {**state, "action_net.bias": np.zeros(3, np.float32)})
    with pytest.raises(KeyError, match="log_std"):
        from_state_dict(layout, {name: array for name, array in state.items() if name != "log_std"})


def test_a_checkpoint_with_objects_in_it_is_refused(tmp_path):
    layout = layout_of("categorical")
    state = to_state_dict(layout, np.zeros(layout.size, np.float32))
    path = tmp_path / "bad.npz"
    np.savez(path, **{**state, "value_net.bias": np.array([{"an": "object"}], dtype=object)})

    with pytest.raises(ValueError, match="allow_pickle"):
        Checkpoint.from_bytes(layout, path.read_bytes())


def test_the_greedy_policy_takes_the_largest_logit():
    layout = Layout(1, 3, "categorical", (2,))
    parts = blocks(layout, np.zeros((1, layout.size), np.float32))
    parts.policy_bias[0, 0] = [0.0, 2.0, 1.0]

    assert Greedy(layout, parts.flat)(np.zeros((1, 4, 1), np.float32)).ravel().tolist() == [1, 1, 1, 1]


def test_settings_that_are_not_known_here_are_left_to_others():
    known = {"n_steps": 16, "gamma": 0.9, "policy_kwargs": {"net_arch": [32, 16], "log_std_init": -2.0}}
    accepted = PpoSettings.accepted(known, 4, ("clip_range",))

    assert accepted == PpoSettings(
        n_envs=4, n_steps=16, gamma=0.9, hidden=(32, 16), log_std_init=-2.0, linear=("clip_range",)
    )
    for other in ({"stats_window_size": 10}, {"rollout_buffer_class": 0}, {"learning_rate": lambda left: left}):
        assert PpoSettings.accepted(other, 1) is None
    for inner in ({"net_arch": {"pi": [8], "vf": [4]}}, {"activation_fn": object}, {"net_arch": []}):
        assert PpoSettings.accepted({"policy_kwargs": inner}, 1) is None
