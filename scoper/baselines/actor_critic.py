"""One-step actor-critic (Barto, Sutton and Anderson 1983) with a softmax per state."""

from __future__ import annotations

from scoper.baselines._tabular import second_choice

BASELINE = second_choice("actor_critic", "Tabular actor-critic: a softmax policy, moved by every timestep.")
