"""REINFORCE with a baseline (Williams 1992): preferences moved by the returns of whole episodes."""

from __future__ import annotations

from scoper.baselines._tabular import second_choice

BASELINE = second_choice("reinforce", "Tabular REINFORCE: a softmax policy, moved by whole episodes.")
