"""Was enough searched to call what was seen everywhere a property of the problem? Unknown is never no.

Sparse problems look like silent ones to whoever does not get far: a lock, a long way with falls, a car in a valley. So
sameness counts only where the search got everywhere it could have: through all that is declared, or, where episodes
end early when left to chance and no constant action prevents it, up to the time limit as well.
"""

from __future__ import annotations

import numpy as np

from scoper.diagnostics import Evidence
from scoper.domain.episodes import Exploration

EACH_ACTION = 5
WHOLE, LARGE_PART = 0.95, 0.4
_CHANCE_ENDS, _MASTERED, _LONGER, _SURVIVORS = 0.9, 0.9, 5.0, 5


def searched(evidence: Evidence) -> str:
    """How the search got everywhere, in words; empty when it did not, or when nothing shows that actions matter."""
    exploration = evidence.exploration
    if exploration is None or evidence.actions_matter is not True:
        return ""
    if exploration.least_tried is not None:
        through = exploration.whole and exploration.covered >= 1.0 and exploration.least_tried >= EACH_ACTION
        return "every declared observation was visited and every action tried there" if through else ""
    if exploration.whole and exploration.covered >= WHOLE:
        return "the declared range of every observation was visited"
    if exploration.covered >= LARGE_PART and _outlived_chance(evidence, exploration):
        return "episodes ended early and were also kept going up to the time limit"
    return ""


def _outlived_chance(evidence: Evidence, exploration: Exploration) -> bool:
    """Whether episodes end early by chance and under constant actions, and a policy was found that prevents it."""
    survivors, random = exploration.survivors, evidence.episodes.get("random")
    tried = evidence.episodes.get("constant/tried")
    if survivors is None or random is None or tried is None or survivors.returns.size < _SURVIVORS:
        return False
    by_chance = random.terminated.mean() >= _CHANCE_ENDS and tried.terminated.all()
    lasting = (~survivors.terminated).mean() >= _MASTERED
    return bool(by_chance and lasting and np.median(survivors.lengths) >= _LONGER * np.median(random.lengths))
