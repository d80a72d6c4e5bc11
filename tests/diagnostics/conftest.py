import numpy as np
import pytest

from scoper.diagnostics import Evidence
from scoper.domain.episodes import Episodes
from scoper.domain.findings import Finding
from scoper.domain.probe import ReturnSummary
from scoper.domain.tabular import TabularMdp


@pytest.fixture
def table_of():
    """A table from {(state, action): [(probability, successor, reward, ends), ...]}; starts in state 0."""

    def make(laws, *, discount=0.9, horizon=None):
        n_states = 1 + max(max(s for s, _ in laws), *(row[1] for law in laws.values() for row in law))
        n_actions = 1 + max(a for _, a in laws)
        available = np.zeros((n_states, n_actions), dtype=bool)
        offsets, rows = [0], []
        for state in range(n_states):
            for action in range(n_actions):
                law = laws.get((state, action))
                if law is None and not any((state, a) in laws for a in range(n_actions)):
                    law = [(1.0, state, 0.0, True)]
                if law is not None:
                    available[state, action] = True
                    rows += law
                offsets.append(len(rows))
        columns = list(zip(*rows, strict=True))
        initial = np.zeros(n_states)
        initial[0] = 1.0
        return TabularMdp(
            n_states=n_states,
            n_actions=n_actions,
            offsets=np.array(offsets),
            successor=np.array(columns[1]),
            probability=np.array(columns[0], dtype=float),
            reward=np.array(columns[2], dtype=float),
            terminates=np.array(columns[3], dtype=bool),
            initial=initial,
            available=available,
            discount=discount,
            horizon=horizon,
        )

    return make


@pytest.fixture
def summary_of():
    def make(mean, half=0.0, *, basis=None, n=100, policy=""):
        basis = basis or ("proved" if half == 0.0 else "measured")
        return ReturnSummary(mean=mean, low=mean - half, high=mean + half, n=n, basis=basis, policy=policy)

    return make


@pytest.fixture
def episodes_of():
    def make(returns, lengths=None, terminated=True, *, low=0.0, high=1.0, n_nonzero=None, objective=None):
        returns = np.asarray(returns, dtype=float)
        lengths = np.full(returns.size, 10) if lengths is None else np.asarray(lengths)
        nonzero = int((returns != 0).sum()) if n_nonzero is None else n_nonzero
        ended = np.full(returns.size, terminated) if isinstance(terminated, bool) else np.asarray(terminated)
        return Episodes(returns, lengths, ended, objective, low, high, nonzero)

    return make


@pytest.fixture
def evidence_of(summary_of):
    """Evidence whose returns are given as numbers (exact), pairs (mean, half width) or summaries."""

    def make(returns=None, **rest):
        known = {}
        for name, value in (returns or {}).items():
            pair = value if isinstance(value, tuple) else (value, 0.0)
            known[name] = value if isinstance(value, ReturnSummary) else summary_of(*pair)
        return Evidence(returns=known, **rest)

    return make


@pytest.fixture
def finding_of():
    def make(code, severity="blocker", defect=None):
        return Finding(code=code, severity=severity, defect=defect, claim=f"{code} is so")

    return make
