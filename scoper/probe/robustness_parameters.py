"""Worlds whose parameters are a tenth off: constants and laws of a spec, numbers among an environment's arguments.

Only what moves the state counts: a price that is off changes what is paid, not what happens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scoper.domain.mdp import Distribution, EnvironmentSpec, MdpSpec, Table

_SCALED: Mapping[str, tuple[str, ...]] = {
    "poisson": ("mean",),
    "binomial": ("p",),
    "geometric": ("p",),
    "normal": ("mean", "sd"),
}
_NO_PARAMETERS = ("max_episode_steps", "seed", "render_fps", "width", "height")


def varied_specs(spec: MdpSpec, factor: float) -> Iterator[tuple[str, MdpSpec]]:
    """Every parameter of the spec's dynamics times `factor`, one at a time, by name."""
    texts = " ".join([*spec.next.values(), spec.terminated, spec.available or ""])
    for name, table in spec.tables.items():
        if re.search(rf"\b{re.escape(name)}\b", texts) and (values := _scaled(table, factor)) is not None:
            yield name, spec.model_copy(update={"tables": {**spec.tables, name: values}})
    for name, law in spec.exogenous.items():
        for parameter, changed in varied_law(law, factor):
            yield f"{name} ({parameter})", spec.model_copy(update={"exogenous": {**spec.exogenous, name: changed}})


def varied_law(law: Distribution, factor: float) -> Iterator[tuple[str, Distribution]]:
    """The law with each of its parameters times `factor`.

    A list of values has none: there the share |factor - 1| of every value's probability goes to its larger neighbour
    (factor above 1) or its smaller one.
    """
    for name in _SCALED.get(law.kind, ()):
        known = float(law.parameters[name])
        value = min(1.0, factor * known) if name == "p" else factor * known
        if value != known:
            yield name, law.model_copy(update={"parameters": {**law.parameters, name: value}})
    values = law.parameters.get("values")
    if law.kind in ("values", "empirical") and values is not None and len(set(values)) > 1:
        yield "its values", law.model_copy(update={"parameters": {**law.parameters, **_shifted(law, factor)}})


def _shifted(law: Distribution, factor: float) -> dict[str, Any]:
    values = list(law.parameters["values"])
    shares = list(law.parameters.get("probabilities") or [1.0 / len(values)] * len(values))
    order = sorted(range(len(values)), key=lambda i: values[i])
    moved, step = abs(factor - 1.0), 1 if factor > 1.0 else -1
    changed = [(1.0 - moved) * share for share in shares]
    for place, index in enumerate(order):
        target = order[min(max(place + step, 0), len(order) - 1)]
        changed[target] += moved * shares[index]
    return {"probabilities": tuple(changed)}


def _scaled(table: Table, factor: float) -> Table | None:
    """Whole numbers stay whole; None where nothing changes."""
    whole = all(float(value).is_integer() for value in table.values)
    values = tuple(float(round(factor * value)) if whole else factor * value for value in table.values)
    return None if values == tuple(table.values) else table.model_copy(update={"values": values})


def varied_kwargs(spec: EnvironmentSpec, factor: float) -> Iterator[tuple[str, EnvironmentSpec]]:
    """Every number with a fraction among the environment's arguments times `factor`, one at a time, by name.

    Whole numbers are sizes, counts and limits more often than physics, so they are left as they are.
    """
    for name, value in spec.kwargs.items():
        if isinstance(value, float) and value != 0.0 and name not in _NO_PARAMETERS:
            yield name, spec.model_copy(update={"kwargs": {**spec.kwargs, name: factor * value}})
