"""Has stepping seen all there is? A model in which every action of every visited state was tried and led nowhere new.

Nothing is proved by it: an outcome that comes once in a million tries is not seen. Where the model is deterministic
one try of each action is all there is to see.
"""

from __future__ import annotations

import numpy as np

from scoper.diagnostics import Evidence
from scoper.domain.numbers import count

TRIES = 5
_ALL, _NEARLY = 0.9999, 0.98


def closed(evidence: Evidence) -> str:
    """How the model was gone through, in words; empty where states or actions were left out, or there is no model."""
    model = evidence.model
    if model is None or model.coding != "values" or model.steps.size == 0:
        return ""
    at_limit = model.steps.timestep + 1 >= (model.limit or np.inf)
    before, over = np.zeros(model.n_cells, dtype=np.bool_), model.steps.terminated | at_limit
    before[model.state] = True
    before[model.successor[~over]] = True
    tries = model.counts[before]
    if tries.size == 0:
        return ""
    goes_on = ~over
    answers = np.unique(np.stack([model.steps.action[goes_on], model.successor[goes_on]]), axis=1).shape[1]
    if answers <= np.unique(model.steps.action[goes_on]).size:  # what is seen repeats the action: all else is hidden
        return ""
    pairs = model.state * model.table.n_actions + model.steps.action
    outcomes = np.unique(np.stack([pairs, model.successor, model.steps.terminated]), axis=1).shape[1]
    drawn = outcomes > np.unique(pairs).size
    least, enough = (TRIES, _NEARLY) if drawn else (1, _ALL)
    if float(np.mean(tries >= least)) < enough:
        return ""
    times = f"{TRIES} times or more" if drawn else "once or more"
    return f"all {model.table.n_actions} actions were tried in all {count(int(before.sum()))} states met, {times}"
