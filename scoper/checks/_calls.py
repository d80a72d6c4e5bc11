"""A call graph: which model calls a run makes, how often, with what text, read from a small YAML file.

    scoper_calls: 1
    models:
      small: {input_price: 0.25, output_price: 1.25, window: 200000, output_per_s: 80, latency_s: 0.6}
    calls:
      sort:   {model: small, fixed_tokens: 600, document: 1, output_tokens: 20}
      answer: {model: small, fixed_tokens: 900, document: 0.5, output_tokens: 150..400, after: [sort], share: 0.8}
      check:  {model: small, fixed_tokens: 300, sees: [answer], output_tokens: 10, after: [answer], times: 1..3}

A number may be a range `low..high`; prices are for `per_tokens`, a million unless said. `document` is how often
the whole document is in the prompt, `sees` the calls whose output is, `times` how often the call is made, `share` the
share of runs that make it, `after` the calls before it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoper.checks import Document
from scoper.domain.text import shown
from scoper.domain.tree import Asker, Tree
from scoper.errors import did_you_mean

Span = tuple[float, float]
_RANGE = re.compile(r"\s*([\d.eE+_-]+?)\s*\.\.\s*([\d.eE+_-]+)\s*")
_MODEL = ("input_price", "output_price", "per_tokens", "window", "output_per_s", "latency_s", "note")
_CALL = ("model", "fixed_tokens", "document", "sees", "output_tokens", "after", "times", "share", "note")


@dataclass(frozen=True)
class Model:
    """Prices per token of input and output, the window in tokens, tokens written per second, seconds to the first."""

    input_price: Span
    output_price: Span
    window: float
    output_per_s: Span
    latency_s: Span


@dataclass(frozen=True)
class Call:
    """One call; at: its place in the file."""

    name: str
    at: Tree
    model: str
    fixed: Span
    document: Span
    sees: tuple[str, ...]
    output: Span
    after: tuple[str, ...]
    times: Span
    share: Span


@dataclass(frozen=True)
class Calls:
    """Models and calls by name, each call after those that it needs."""

    source: str
    models: Mapping[str, Model]
    calls: Mapping[str, Call]
    order: tuple[str, ...]


def read_calls(document: Document) -> Calls:
    """The call graph of a document; raises InputError with every mistake in file order."""
    ask = Asker(document.source, "calls")
    top = ask.mapping(document.root, ("scoper_calls", "name", "models", "calls"), ("scoper_calls", "models", "calls"))
    if "scoper_calls" in top and top["scoper_calls"].value != 1:
        ask.add(top["scoper_calls"], "the format of this file is not 1", "scoper_calls: 1")
    models = {name: _model(ask, value) for name, _, value in ask.named(top.get("models"))}
    entries = ask.named(top.get("calls"))
    names = [name for name, _, _ in entries]
    if "calls" in top and not entries:
        ask.add(top["calls"], "there is no call")
    calls = {name: _call(ask, name, key, value, models, names) for name, key, value in entries}
    order = _order(ask, calls)
    ask.stop()
    return Calls(document.source, models, calls, order)


def _model(ask: Asker, value: Tree) -> Model:
    entry = ask.mapping(value, _MODEL, ("input_price", "output_price"))
    per = _span(ask, entry.get("per_tokens"), (1e6, 1e6), low=1.0)
    window = _span(ask, entry.get("window"), (float("inf"),) * 2, low=1.0)[0]
    prices = [_span(ask, entry.get(name), (0.0, 0.0)) for name in ("input_price", "output_price")]
    speed = _span(ask, entry.get("output_per_s"), (50.0, 50.0), low=0.1)
    return Model(
        (prices[0][0] / per[1], prices[0][1] / per[0]),
        (prices[1][0] / per[1], prices[1][1] / per[0]),
        window,
        speed,
        _span(ask, entry.get("latency_s"), (0.5, 0.5)),
    )


def _call(ask: Asker, name: str, key: Tree, value: Tree, models: Mapping[str, Model], names: Sequence[str]) -> Call:
    entry = ask.mapping(value, _CALL, ("model", "output_tokens"))
    model = ask.text(entry.get("model"))
    if "model" in entry and model not in models:
        ask.add(entry["model"], f"there is no model '{shown(model, 40)}'", did_you_mean(model, models))
    share = _span(ask, entry.get("share"), (1.0, 1.0))
    if share[1] > 1.0:
        ask.add(entry["share"], f"{share[1]:g} is no share", "30 % is 0.3")
    return Call(
        name,
        key,
        model,
        _span(ask, entry.get("fixed_tokens"), (0.0, 0.0)),
        _span(ask, entry.get("document"), (0.0, 0.0)),
        _known(ask, entry.get("sees"), names),
        _span(ask, entry.get("output_tokens"), (0.0, 0.0)),
        _known(ask, entry.get("after"), names),
        _span(ask, entry.get("times"), (1.0, 1.0)),
        share,
    )


def _known(ask: Asker, at: Tree | None, names: Sequence[str]) -> tuple[str, ...]:
    found = []
    for word, place in ask.words(at):
        if word in names:
            found.append(word)
        else:
            ask.add(place, f"there is no call '{shown(word, 40)}'", did_you_mean(word, names))
    return tuple(found)


def _span(ask: Asker, at: Tree | None, default: Span, *, low: float = 0.0) -> Span:
    """A number or a range of numbers from `low` on."""
    if at is None:
        return default
    value = at.value
    match = _RANGE.fullmatch(value) if isinstance(value, str) else None
    try:
        ends = (float(match[1]), float(match[2])) if match else (float(value), float(value))
    except (TypeError, ValueError):
        ends = (float("nan"), float("nan"))
    if isinstance(value, bool) or not low <= ends[0] <= ends[1] < float("inf"):
        ask.add(at, f"'{shown(str(value), 40)}' is no number or range from {low:g} on", "for example 150 or 150..400")
        return default
    return ends


def _order(ask: Asker, calls: Mapping[str, Call]) -> tuple[str, ...]:
    """The calls so that each comes after those it needs; a ring is a mistake."""
    placed: list[str] = []
    left = dict(calls)
    while left:
        ready = [n for n, call in left.items() if all(m in placed for m in (*call.after, *call.sees))]
        if not ready:
            first = next(iter(left.values()))
            ask.add(first.at, f"the calls {', '.join(left)} wait for each other", "say repetitions with times: 1..3")
            return tuple(placed)
        placed += ready
        for name in ready:
            del left[name]
    return tuple(placed)
