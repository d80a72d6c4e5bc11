import numpy as np
import pytest

from scoper.domain.tabular import TabularMdp


@pytest.fixture
def corridor():
    """Three cells in a row, start in the middle: action 0 ends with 1, action 1 walks to a cell that pays 10 to leave.

    Values by hand, horizon 2 or more, undiscounted: action 0 at once 1; action 1 then 0: 10; action 1 for ever: 0.
    """

    def make(**changed):
        # pairs: (0,0) end +1 · (0,1) to state 1, 0 · (1,0) end +10 · (1,1) stay, 0
        values = {
            "n_states": 2,
            "n_actions": 2,
            "offsets": np.arange(5),
            "successor": np.array([0, 1, 0, 1]),
            "probability": np.ones(4),
            "reward": np.array([1.0, 0.0, 10.0, 0.0]),
            "terminates": np.array([True, False, True, False]),
            "initial": np.array([1.0, 0.0]),
            "available": np.ones((2, 2), dtype=bool),
            "discount": 0.9,
            "horizon": 2,
            "action_labels": ("leave", "walk"),
        }
        return TabularMdp(**{**values, **changed})

    return make
