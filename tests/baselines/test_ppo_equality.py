"""The batched PPO is stable-baselines3's: the same weights, actions and order of minibatches give the same weights.

Stable-baselines3 trains; its actions and permutations are recorded. The batched engine then begins with its first
weights, steps environments of its own with the recorded actions and computes everything else itself: scaled
observations and rewards, values, log probabilities, bootstrapping at truncation, advantages, gradients, Adam. A wrong
sign or a missed term would show at once; what remains is the rounding of single precision.
"""

import gymnasium
import numpy as np
import pytest

from scoper.baselines._collect import Collector
from scoper.baselines._lanes import Lanes, codec_of
from scoper.numerics.ppo.layout import Layout, from_state_dict, to_state_dict
from scoper.numerics.ppo.learner import Greedy, Learner
from scoper.numerics.ppo.moments import Normaliser
from scoper.numerics.ppo.settings import PpoSettings

pytestmark = [
    pytest.mark.deep,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:You have specified a mini-batch size:UserWarning"),
]
SEED = 3
ZOO_CARTPOLE = {"n_steps": 32, "batch_size": 256, "gae_lambda": 0.8, "gamma": 0.98, "n_epochs": 20}
PENDULUM = {"n_steps": 256, "batch_size": 64, "n_epochs": 5, "gamma": 0.9, "learning_rate": 1e-3, "ent_coef": 0.01}
MOUNTAIN_CAR = {
    "n_steps": 8,
    "batch_size": 256,
    "gamma": 0.9999,
    "gae_lambda": 0.9,
    "learning_rate": 7.77e-5,
    "clip_range": 0.1,
    "ent_coef": 0.00429,
    "vf_coef": 0.19,
    "max_grad_norm": 5.0,
    "use_sde": True,
    "policy_kwargs": {"log_std_init": -3.29, "ortho_init": False},
}
CASES = {  # environment, lanes, arguments, schedules, scaled, rollouts
    "published settings, two schedules": (
        "CartPole-v1",
        8,
        {**ZOO_CARTPOLE, "learning_rate": 1e-3, "clip_range": 0.2},
        ("learning_rate", "clip_range"),
        False,
        16,
    ),
    "scaled, entropy, minibatches that do not divide the rollout": (
        "CartPole-v1",
        4,
        {"n_steps": 100, "batch_size": 64, "n_epochs": 5, "ent_coef": 0.01, "vf_coef": 0.7, "max_grad_norm": 0.2},
        (),
        True,
        12,
    ),
    "advantages as they are": (
        "CartPole-v1",
        2,
        {"n_steps": 64, "batch_size": 32, "n_epochs": 10, "normalize_advantage": False},
        (),
        False,
        12,
    ),
    "continuous actions and truncation": ("Pendulum-v1", 4, PENDULUM, (), False, 6),
    "continuous, state-dependent noise": (
        "Pendulum-v1",
        4,
        {**PENDULUM, "use_sde": True, "sde_sample_freq": 4},
        (),
        False,
        6,
    ),
    "scaled, another network, first deviation": (
        "MountainCarContinuous-v0",
        2,
        {"n_steps": 64, "batch_size": 50, "n_epochs": 5, "policy_kwargs": {"log_std_init": -1.5, "net_arch": [32]}},
        (),
        True,
        20,
    ),
    "one lane, batches larger than rollouts": ("MountainCarContinuous-v0", 1, MOUNTAIN_CAR, (), True, 40),
    "scaled, sixteen lanes, truncation": ("Acrobot-v1", 16, {"n_steps": 256, "n_epochs": 4}, (), True, 3),
    "updates that end at a divergence": (
        "CartPole-v1",
        8,
        {**ZOO_CARTPOLE, "batch_size": 64, "learning_rate": 3e-4, "target_kl": 0.002},
        (),
        False,
        12,
    ),
    "values kept near those when drawn": (
        "Acrobot-v1",
        16,
        {"n_steps": 64, "n_epochs": 3, "clip_range_vf": 0.3},
        (),
        True,
        7,
    ),
    "several actions at once": ("Levers-v0", 4, {"n_steps": 64, "n_epochs": 10, "ent_coef": 0.01}, (), True, 10),
    "states by number": ("FrozenLake-v1", 4, {"n_steps": 128, "n_epochs": 4}, (), True, 10),
}


class Levers(gymnasium.Env):
    """Three levers, one of 2, one of 3, one of 2 places; pays for each in the place that is shown; 20 timesteps."""

    def __init__(self):
        self.observation_space = gymnasium.spaces.Box(0.0, 3.0, (3,), np.float32)
        self.action_space = gymnasium.spaces.MultiDiscrete([2, 3, 2])

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._time = 0
        return self._show(), {}

    def step(self, action):
        reward = float((action == self._shown).sum())
        self._time += 1
        return self._show(), reward, False, self._time >= 20, {}

    def _show(self):
        self._shown = self.np_random.integers([2, 3, 2])
        return self._shown.astype(np.float32)


gymnasium.register("Levers-v0", Levers)


def vector_of(env_id, n_envs, gamma, *, scaled):
    from stable_baselines3.common.monitor import Monitor
    from stable_baselines3.common.vec_env import DummyVecEnv, VecNormalize

    envs = DummyVecEnv([lambda: Monitor(gymnasium.make(env_id))] * n_envs)
    if scaled:
        envs = VecNormalize(envs, gamma=gamma, norm_obs=isinstance(envs.observation_space, gymnasium.spaces.Box))
    envs.seed(SEED)
    return envs


def arrays_of(model):
    return {name: tensor.numpy().copy() for name, tensor in model.policy.state_dict().items()}


class Recorded:
    """A run of stable-baselines3: weights before and after every rollout's updates, actions, permutations."""

    def __init__(self, monkeypatch, env_id, n_envs, arguments, linear, scaled, n_rollouts):
        import stable_baselines3
        import torch

        torch.set_num_threads(1)
        given = dict(arguments)
        for name in linear:
            given[name] = lambda left, start=arguments[name]: start * left
        envs = vector_of(env_id, n_envs, arguments.get("gamma", 0.99), scaled=scaled)
        self.model = stable_baselines3.PPO("MlpPolicy", envs, seed=SEED, device="cpu", **given)
        self.first, self.after, self.actions, self.orders = arrays_of(self.model), [], [], []
        add, train, permutation = self.model.rollout_buffer.add, self.model.train, np.random.permutation

        def recorded_add(observation, action, *rest):
            self.actions.append(np.array(action, dtype=np.float32))
            add(observation, action, *rest)

        def recorded_train():
            train()
            self.after.append(arrays_of(self.model))

        def recorded_permutation(n):
            self.orders.append(permutation(n))
            return self.orders[-1].copy()

        self.total = 2 * n_rollouts * self.model.n_steps * n_envs  # schedules are half-way at the end
        with monkeypatch.context() as patch:
            patch.setattr(self.model.rollout_buffer, "add", recorded_add)
            patch.setattr(self.model, "train", recorded_train)
            patch.setattr(np.random, "permutation", recorded_permutation)
            self.model.learn(self.total, callback=lambda *_: len(self.after) < n_rollouts)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_after_hundreds_of_updates_the_weights_are_the_same(case, monkeypatch):
    env_id, n_envs, arguments, linear, scaled, n_rollouts = case
    recorded = Recorded(monkeypatch, *case)
    settings = PpoSettings.accepted(arguments, n_envs, linear)
    env = gymnasium.make(env_id)
    codec = codec_of(env.observation_space, env.action_space)
    layout = codec.layout(settings.hidden, use_sde=settings.use_sde)
    learner = Learner(layout, settings, [SEED], from_state_dict(layout, recorded.first)[None])
    normaliser = Normaliser(1, n_envs, codec.n_inputs, settings.gamma, observations=codec.dense) if scaled else None
    actions, orders = iter(recorded.actions), iter(recorded.orders)
    monkeypatch.setattr(learner._head, "sample", lambda *_: next(actions).reshape(1, n_envs, -1))
    monkeypatch.setattr(learner.streams, "orders", lambda *_: next(orders)[None])
    collector = Collector(learner, Lanes(lambda: gymnasium.make(env_id), codec, [SEED], n_envs), normaliser)

    for expected in recorded.after:
        assert collector.collect(lambda: False)
        collector.update(collector.steps / recorded.total)
        found = to_state_dict(layout, learner.rows[0])
        assert found.keys() == expected.keys()
        for name, array in expected.items():
            np.testing.assert_allclose(found[name], array, rtol=0.0, atol=1e-5, err_msg=name)

    n_updates = len(recorded.orders) * -(-settings.rollout // settings.batch_size)
    moved = max(np.abs(recorded.first[name] - array).max() for name, array in recorded.after[-1].items())
    assert len(recorded.after) == n_rollouts
    assert n_updates >= 300
    assert settings.target_kl is None or len(recorded.orders) < n_rollouts * settings.n_epochs
    assert moved > 1e-2  # a thousand times the tolerance


def test_a_state_dict_is_read_by_the_reference_policy_which_then_acts_alike():
    import stable_baselines3
    import torch

    model = stable_baselines3.PPO("MlpPolicy", gymnasium.make("Acrobot-v1"), seed=0, device="cpu")
    layout = Layout(6, 3, "categorical")
    learner = Learner(layout, PpoSettings(), [11])
    state = {name: torch.as_tensor(array) for name, array in to_state_dict(layout, learner.rows[0]).items()}
    model.policy.load_state_dict(state, strict=True)
    observations = np.random.default_rng(0).normal(size=(500, 6)).astype(np.float32)

    theirs, _ = model.predict(observations, deterministic=True)
    mine = Greedy(layout, learner.rows)(observations[None])[0, :, 0]

    assert (mine == theirs).mean() > 0.99  # the first logits are all but equal: rounding may turn a few
    assert len(set(mine.tolist())) > 1


def test_first_weights_are_distributed_like_the_reference_ones():
    import stable_baselines3

    env = gymnasium.make("Pendulum-v1")
    theirs = arrays_of(stable_baselines3.PPO("MlpPolicy", env, seed=0, device="cpu"))
    layout = Layout(3, 1, "gaussian")
    mine = to_state_dict(layout, Learner(layout, PpoSettings(), [0]).rows[0])

    assert mine.keys() == theirs.keys()
    for name, array in theirs.items():
        assert np.linalg.norm(mine[name]) == pytest.approx(np.linalg.norm(array), rel=1e-4), name
