"""The constants of a generated environment: values, words, laws, tables and the start, as Python literals."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from scoper.modelling.expressions import Expression
from scoper.modelling.layout import Law, Layout, Quantity
from scoper.modelling.model import SpecModel

_WIDTH = 110


def constants(model: SpecModel, layout: Layout) -> str:
    """The lines from DISCOUNT to N_ACTIONS."""
    lines = [
        "Law = tuple[np.ndarray, np.ndarray]  # values and their cumulative probabilities",
        f"DISCOUNT = {model.spec.discount!r}",
        f"HORIZON: int | None = {model.spec.horizon!r}  # timesteps until an episode is truncated",
    ]
    lines += [f"{name} = {model.codes[word]!r}" for word, name in word_names(model).items()]
    for name, entries in _groups(model, layout).items():
        lines += [f"{name} = {{", *(_entry(key, value) for key, value in entries.items()), "}"]
    if layout.joint_start is not None:
        points, shares = layout.joint_start
        lines += [f"# {', '.join(model.spec.state)}", f"START: Law = {_law((points, shares))}"]
    if _sees_state(layout):
        lines.append("OBSERVED = STATE")
    choices = "CANDIDATES" if layout.acts_in_numbers else "ACTIONS"
    if not any(q.is_real for q in layout.states):
        lines.append("STATE_SHAPE = tuple(values.size for values in STATE.values())")
    lines.append(f"ACTION_SHAPE = tuple(values.size for values in {choices}.values())")
    lines.append("N_ACTIONS = int(np.prod(ACTION_SHAPE))")
    return "\n".join(lines)


def word_names(model: SpecModel) -> dict[str, str]:
    """Word to the name of the constant that stands for it, for words that can be a name."""
    return {word: f"W_{word}" for word in model.codes if word.isascii() and f"W_{word}".isidentifier()}


def _sees_state(layout: Layout) -> bool:
    same = all(quantity.name == source for quantity, source in zip(layout.observed, layout.sources, strict=True))
    return same and len(layout.observed) == len(layout.states)


def _groups(model: SpecModel, layout: Layout) -> dict[str, Mapping[str, str]]:
    """Declaration to name to literal."""
    groups: dict[str, Mapping[str, str]] = {
        "STATE: dict[str, Any]": {q.name: _values(q) for q in layout.states},
        "ACTIONS: dict[str, Any]": {q.name: _values(q) for q in layout.actions},
        "LABELS: dict[str, tuple[str, ...]]": {
            q.name: repr(q.words) for q in (*layout.states, *layout.actions) if q.words
        },
    }
    if layout.acts_in_numbers:
        groups["CANDIDATES: dict[str, np.ndarray]"] = {q.name: _array(q.choices) for q in layout.actions}
    if not _sees_state(layout):
        groups["OBSERVED: dict[str, Any]"] = {q.name: _values(q) for q in layout.observed}
    if tables := dict(_tables(model, layout)):
        groups["TABLES: dict[str, Any]"] = tables
    groups["DRAWS: dict[str, Law]"] = {name: _law(law) for name, law in layout.draws.items()}
    if layout.joint_start is None:
        groups["START: dict[str, Law]"] = {name: _law(law) for name, law in layout.start.items()}
    return groups


def _tables(model: SpecModel, layout: Layout) -> Iterator[tuple[str, str]]:
    """Tables with keys that an expression looks up, as the keys' codes per axis and the numbers."""
    single = (model.objective, model.availability, model.terminated, *layout.sources)
    expressions = [*model.next.values(), *model.reward.values(), *(e for e in single if isinstance(e, Expression))]
    used = {name: lookup for expression in expressions for name, lookup in expression.lookups.items()}
    for name, lookup in used.items():
        if lookup.keys:
            axes = []
            for codes, order in lookup.keys:
                written = np.empty(codes.size)
                written[order] = codes
                axes.append(_array(written))
            shape = tuple(codes.size for codes, _ in lookup.keys)
            yield name, f"(({', '.join(axes)},), {_array(lookup.values)}.reshape({shape!r}))"


def _entry(key: str, value: str) -> str:
    text = f'"{key}": {value},'
    if "'" in text:  # a word may hold blanks, at which it must not be broken
        return " " * 4 + text
    return textwrap.fill(
        text, _WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 8, break_long_words=False, break_on_hyphens=False
    )


def _values(quantity: Quantity) -> str:
    if quantity.is_real:
        return f"Interval({_number(quantity.low)}, {_number(quantity.high)})"
    if quantity.whole:
        return f"np.arange({float(quantity.low)!r}, {float(quantity.high) + 1.0!r})"
    return _array(quantity.values)


def _number(value: float) -> str:
    return repr(float(value)) if np.isfinite(value) else f"{'-' if value < 0 else ''}np.inf"


def _array(values: Any) -> str:
    return f"np.array({np.asarray(values, dtype=np.float64).tolist()!r})"


def _law(law: Law) -> str:
    values, shares = law
    return f"({_array(values)}, np.cumsum({np.asarray(shares).tolist()!r}))"
