"""CartPole with rewards that teach nothing; loaded by the probe's child through an entry point."""

from gymnasium.envs.classic_control.cartpole import CartPoleEnv


class Silent(CartPoleEnv):
    """The reward is always 0."""

    def step(self, action):
        observation, _, terminated, truncated, info = super().step(action)
        return observation, 0.0, terminated, truncated, info


class Upright(CartPoleEnv):
    """Reports its length as the objective; the reward pays for falling early."""

    def step(self, action):
        observation, _, terminated, truncated, _ = super().step(action)
        return observation, 10.0 if terminated else -1.0, terminated, truncated, {"upright": 1.0}
