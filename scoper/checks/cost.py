"""Tokens, cost and latency of a run before it is built: a call graph, sample documents, and the prices you enter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoper.checks import Check, Given, Input, Param
from scoper.checks._calls import Call, Calls, Span, read_calls
from scoper.checks._shapes import has_keys
from scoper.domain.checks import Fault, Listing, Outcome, Quantity
from scoper.domain.numbers import count, number, share
from scoper.numerics.statistics import mean_interval

_FEW = 20


@dataclass(frozen=True)
class Envelope:
    """Of one run on a document of this many tokens: ends of the ranges entered, each in the dear and the cheap way."""

    input: Span
    output: Span
    cost: Span
    seconds: Span


def tokens_of(text: str, chars_per_token: float) -> float:
    """An estimate from the number of characters; no tokeniser is asked."""
    return len(text) / chars_per_token


def envelope(calls: Calls, document: float) -> Envelope:
    """Sums over the calls for tokens and cost, the longest chain for seconds; all are monotone in every number."""
    low, high = (_side(calls, document, side) for side in (0, 1))
    return Envelope(*(tuple(sorted(pair)) for pair in zip(low, high, strict=True)))  # type: ignore[arg-type]


def _side(calls: Calls, document: float, side: int) -> tuple[float, float, float, float]:
    inputs = outputs = cost = 0.0
    ended: dict[str, float] = {}
    for name in calls.order:
        call = calls.calls[name]
        model = calls.models[call.model]
        made = call.share[side] * call.times[side]
        prompt = prompt_of(calls, call, document, side)
        inputs += made * prompt
        outputs += made * call.output[side]
        cost += made * (prompt * model.input_price[side] + call.output[side] * model.output_price[side])
        once = model.latency_s[side] + call.output[side] / model.output_per_s[1 - side]
        begun = max((ended[other] for other in (*call.after, *call.sees)), default=0.0)
        # A call that this run leaves out costs no time: the cheap side takes that into account, the dear side not.
        ended[name] = begun + (call.times[side] * once if side or call.share[0] == 1.0 else 0.0)
    return inputs, outputs, cost, max(ended.values(), default=0.0)


def prompt_of(calls: Calls, call: Call, document: float, side: int) -> float:
    """Tokens of a call's prompt."""
    seen = sum(calls.calls[name].output[side] for name in call.sees)
    return call.fixed[side] + call.document[side] * document + seen


def run(given: Given) -> Outcome:
    """The envelope over the sample documents."""
    calls = read_calls(given.document("calls"))
    texts: Sequence[str] = given.inputs.get("documents", ("",))
    sizes = np.array([tokens_of(text, given.number("chars_per_token")) for text in texts])
    each = [envelope(calls, float(size)) for size in sizes]
    sampled = "documents" in given.inputs
    drafted = given.document("calls").todo
    runs = given.number("runs")
    costs = np.array([[e.cost[0], e.cost[1]] for e in each])
    bounds = _mean_bounds(costs)
    quantities = [
        _over("input tokens a run", [e.input for e in each], "tokens"),
        _over("output tokens a run", [e.output for e in each], "tokens"),
        Quantity(
            name="cost of 1,000 runs",
            value=1e3 * float(costs.mean()),
            low=1e3 * bounds[0],
            high=1e3 * bounds[1],
            basis="declared",
            words=_how(sampled, len(texts), "In the currency of the prices that were entered."),
        ),
        _over("seconds a run", [e.seconds for e in each], "s"),
    ]
    if runs not in (0, 1_000):
        quantities.append(
            Quantity(
                name=f"cost of {count(runs)} runs",
                value=runs * float(costs.mean()),
                low=runs * bounds[0],
                high=runs * bounds[1],
                basis="declared",
            )
        )
    if sampled:
        quantities.append(_sizes(sizes, given.number("chars_per_token")))
    quick, slow = min(e.seconds[0] for e in each), max(e.seconds[1] for e in each)
    headline = (
        f"1,000 runs cost {number(1e3 * bounds[0])} to {number(1e3 * bounds[1])}; one takes {number(quick)} to "
        f"{number(slow)} s, by the {'examples of a draft' if drafted else 'numbers entered'}."
    )
    return Outcome(
        headline=headline,
        quantities=tuple(quantities),
        listings=(_by_call(calls, float(sizes.mean())),),
        faults=(
            *_drafted(calls, drafted),
            *_windows(calls, float(sizes.max())),
            *_budget(given, bounds, each),
            *_sample(sampled, len(texts)),
        ),
    )


def _drafted(calls: Calls, lines: Sequence[int]) -> list[Fault]:
    """That the file still has places to fill in, so that its prices are those of the draft."""
    if not lines:
        return []
    claim = "the file still says TODO: its prices and prompts are the draft's examples, and so is every figure here"
    remedy = "enter your provider's prices and your own prompts, then take the TODO out"
    place = {"source": calls.source, "line": lines[0]}
    return [Fault(code="example_prices", severity="caution", claim=claim, remedy=remedy, **place)]


def _mean_bounds(costs: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> Span:
    """From Student's lower limit of the cheap ends to the upper one of the dear ends; the ends alone for one text."""
    if costs.shape[0] == 1:
        return float(costs[0, 0]), float(costs[0, 1])
    return max(0.0, mean_interval(costs[:, 0])[1]), mean_interval(costs[:, 1])[2]


def _how(sampled: bool, n: int, words: str) -> str:
    if sampled and n > 1:
        return f"{words} Ranges entered, and the mean of {n} sample documents (Student, 95 %)."
    return f"{words} Ranges entered" + (", one sample document." if sampled else "; no documents were given.")


def _over(name: str, spans: Sequence[Span], unit: str) -> Quantity:
    middle = float(np.mean([0.5 * (low + high) for low, high in spans]))
    low, high = min(span[0] for span in spans), max(span[1] for span in spans)
    words = "From the smallest document and number to the largest, and the middle of the two."
    return Quantity(name=name, value=middle, low=low, high=high, unit=unit, basis="declared", words=words)


def _sizes(sizes: np.ndarray[tuple[int], np.dtype[np.float64]], per: float) -> Quantity:
    return Quantity(
        name="tokens of a document",
        value=float(np.median(sizes)),
        low=float(sizes.min()),
        high=float(sizes.max()),
        unit="tokens",
        basis="extrapolated",
        words=(
            f"Median, smallest and largest of {sizes.size}; {per:g} characters a token, which "
            "differs by language and model."
        ),
    )


def _by_call(calls: Calls, document: float) -> Listing:
    rows = []
    for name in calls.order:
        call = calls.calls[name]
        model = calls.models[call.model]
        ends = []
        for side in (0, 1):
            made = call.share[side] * call.times[side]
            prompt = prompt_of(calls, call, document, side)
            price = made * (prompt * model.input_price[side] + call.output[side] * model.output_price[side])
            ends.append((prompt, call.output[side], 1e3 * price))
        rows.append((name, call.model, *(f"{number(a)} to {number(b)}" for a, b in zip(*ends, strict=True))))
    header = ("call", "model", "prompt", "output", "cost of 1,000 runs")
    return Listing(title="By call, on a document of mean length", header=header, rows=tuple(rows))


def _windows(calls: Calls, largest: float) -> list[Fault]:
    found = []
    for call in calls.calls.values():
        need = prompt_of(calls, call, largest, 1) + call.output[1]
        window = calls.models[call.model].window
        if need > window:
            claim = f"the call '{call.name}' needs {count(need)} tokens on the longest document, {count(window)} fit"
            remedy = "cut the document into parts, retrieve what matters, or refuse documents of that length"
            place = {"source": calls.source, "line": call.at.line, "column": call.at.column}
            found.append(Fault(code="window_exceeded", severity="blocker", claim=claim, remedy=remedy, **place))
    return found


def _budget(given: Given, bounds: Span, each: Sequence[Envelope]) -> list[Fault]:
    found = []
    most, slow = given.get("most_cost"), given.get("most_seconds")
    if most is not None and bounds[1] > most:
        severity = "blocker" if bounds[0] > most else "caution"
        spent = f"{number(1e3 * bounds[0])} to {number(1e3 * bounds[1])}"
        claim = f"1,000 runs cost {spent}, {number(1e3 * most)} are allowed"
        found.append(Fault(code="too_dear", severity=severity, claim=claim, remedy="a smaller model, or fewer calls"))
    if slow is not None:
        late = float(np.mean([e.seconds[1] > slow for e in each]))
        surely = all(e.seconds[0] > slow for e in each)
        if late:
            claim = f"on {share(late)} of the documents a run may take longer than {number(slow)} s"
            remedy = "run independent calls at once, write less, or answer in parts"
            found.append(
                Fault(code="too_slow", severity="blocker" if surely else "caution", claim=claim, remedy=remedy)
            )
    return found


def _sample(sampled: bool, n: int) -> list[Fault]:
    if sampled and n < _FEW:
        claim = f"{n} documents are few: long ones are rare and dear"
        return [Fault(code="few_documents", severity="caution", claim=claim, remedy="a random sample of 50")]
    return []


CHECK = Check(
    id="cost",
    technique="llm_orchestration",
    summary="Tokens, cost and seconds of a run from a call graph, sample documents and the prices you enter.",
    question="What does a run cost, how long does it take, and does it fit the window?",
    inputs=(
        Input("calls", "document", "a YAML file of models with prices, and calls"),
        Input("documents", "texts", "a folder of sample documents, or one file", required=False),
    ),
    params=(
        Param("chars_per_token", "number", "Characters a token.", 4.0, low=0.5, high=20),
        Param("runs", "number", "Runs to sum up, for example a month's.", 0.0, low=0),
        Param("most_cost", "number", "What a run may cost at most.", low=0),
        Param("most_seconds", "number", "How long a run may take at most.", low=0),
    ),
    run=run,
    formula=(
        "Prompt = fixed + document share x document tokens + outputs seen. Cost = share x times x "
        "(prompt x input price + "
        "output x output price), summed. Seconds: time to the first token + output / speed, along the longest chain."
    ),
    source="own; critical path as in Kelley and Walker (1959); prices are those in the file",
    shows_not=(
        "prices that a provider really charges, caching, retries, queues (load), or what an agent does on its own."
    ),
    fits=has_keys(("scoper_calls",), ("models", "calls")),
    example="llm cost calls.yaml samples/ --runs 20000 --most-cost 0.05",
)
