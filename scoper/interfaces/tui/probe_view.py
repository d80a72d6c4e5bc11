"""What the probe screen says of a view of the probe: curve, words, returns by basis. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.probe import ReturnSummary
from scoper.interfaces.tui.widgets.plot import Curves, number
from scoper.interfaces.watching import ProbeView
from scoper.services.roles import policy_words

_FLOORS = ("random", "idle", "constant", "myopic")
_FEW = 5
_CEILING = "optimal"


def curves_of(view: ProbeView) -> Curves:
    """The learning curves of the learner that was heard of last, with the best floor and the ceiling."""
    learner = next(reversed(list(view.curves)), None)
    seeds = view.curves[learner] if learner else {}
    floors = [view.returns[name].mean for name in _FLOORS if name in view.returns]
    ceiling = view.returns[_CEILING].mean if _CEILING in view.returns else None
    reached = max((points[-1][0] for points in seeds.values()), default=0.0)
    return Curves(seeds, max(view.of_steps, reached, 1), max(floors, default=None), ceiling)


def summary(view: ProbeView) -> str:
    """The plot in one line of words."""
    curves = curves_of(view)
    if not curves.seeds:
        return "" if view.status == "idle" else "No learning curve yet."
    learner = next(reversed(list(view.curves)))
    last = [points[-1][1] for points in curves.seeds.values()]
    steps = max(points[-1][0] for points in curves.seeds.values())
    mean = sum(last) / len(last)
    seeds = "1 seed" if len(last) == 1 else f"{len(last)} seeds"
    said = [f"{policy_words(learner)}: mean {number(mean)} over {seeds} at {number(steps)} timesteps"]
    said += [_spread(last)] if len(last) > 1 else []
    said += [f"floor {number(curves.floor)}"] if curves.floor is not None else []
    said += [f"ceiling {number(curves.ceiling)}"] if curves.ceiling is not None else []
    return ", ".join(said)


def _spread(last: Sequence[float]) -> str:
    """Every seed's return where there are few of them, else their range."""
    if len(last) > _FEW:
        return f"seeds {number(min(last))} to {number(max(last))}"
    return f"seeds {' / '.join(number(value) for value in last)}"


def returns_by_basis(view: ProbeView) -> dict[str, str]:
    """Basis of the numbers (proved, measured, ...) to the returns of that kind in words, best first."""
    rows: dict[str, list[str]] = {}
    for name, known in sorted(view.returns.items(), key=lambda item: -item[1].mean):
        rows.setdefault(known.basis, []).append(_return(name, known))
    return {basis: " · ".join(said) for basis, said in rows.items()}


def _return(name: str, known: ReturnSummary) -> str:
    span = f" ({number(known.low)} to {number(known.high)})" if known.low != known.high else ""
    return f"{policy_words(name)}: {number(known.mean)}{span}"
