"""SARSA (Rummery and Niranjan 1994): values of what is really done, exploration included."""

from __future__ import annotations

from scoper.baselines._tabular import second_choice

BASELINE = second_choice("sarsa", "Tabular SARSA: values of the policy that explores.")
