"""Expected SARSA (van Seijen et al. 2009): SARSA with the mean over the next action instead of one draw."""

from __future__ import annotations

from scoper.baselines._tabular import second_choice

BASELINE = second_choice("expected_sarsa", "Tabular Expected SARSA: SARSA without the chance of the next action.")
