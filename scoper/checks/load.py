"""Load: how many runs are under way at once, and whether limits of a provider or of workers hold that."""

from __future__ import annotations

import math

from scoper.checks import Check, Given, Param
from scoper.domain.checks import Fault, Listing, Outcome, Quantity
from scoper.domain.numbers import count, number, share
from scoper.errors import Problem, UsageError
from scoper.numerics.queueing import erlang_c, mean_wait, servers_needed, under_way, wait_beyond

_MINUTE_S, _HOUR_S = 60.0, 3600.0
_TIGHT = 0.8


def run(given: Given) -> Outcome:
    """Concurrency by Little's law, use of each limit, and waiting by Erlang C where workers are given."""
    rate = given.number("per_hour") / _HOUR_S
    seconds, calls = given.number("seconds"), given.number("calls")
    busy = under_way(rate, seconds)
    quantities = [
        Quantity(
            name="runs under way at once, on average",
            value=busy,
            basis="proved",
            words=f"Little's law: {number(rate)} runs/s times {number(seconds)} s, whatever the laws.",
        ),
        Quantity(
            name="calls a minute",
            value=rate * _MINUTE_S * calls,
            basis="declared",
            words=f"{number(calls)} call{'s' * (calls != 1)} a run, without retries.",
        ),
    ]
    faults = list(_limits(given, rate, calls, quantities))
    listing: tuple[Listing, ...] = ()
    if given.get("workers") is not None:
        listing = _workers(given, busy, seconds, quantities, faults)
    worst = next((fault for fault in faults if fault.severity == "blocker"), None)
    said = f"{number(busy)} runs are under way at once on average"
    headline = f"{said}; {worst.claim}." if worst else f"{said}; every limit that was entered holds."
    if not faults and not any(given.get(name) is not None for name in ("workers", "calls_limit", "tokens_limit")):
        headline = f"{said}. No limit was entered to hold that against."
    return Outcome(headline=headline, quantities=tuple(quantities), listings=listing, faults=tuple(faults))


def _limits(given: Given, rate: float, calls: float, quantities: list[Quantity]) -> list[Fault]:
    """Use of the provider's limits at the peak."""
    peak = given.number("peak")
    uses = []
    if given.get("calls_limit") is not None:
        uses.append(("calls a minute", rate * _MINUTE_S * calls * peak, given.number("calls_limit")))
    if given.get("tokens_limit") is not None:
        given.require("tokens")
        uses.append(("tokens a minute", rate * _MINUTE_S * given.number("tokens") * peak, given.number("tokens_limit")))
    found = []
    for name, used, limit in uses:
        words = f"{count(used)} at {number(peak)} times the mean, {count(limit)} allowed."
        quantities.append(
            Quantity(
                name=f"use of the limit of {name}", value=used / limit, unit="share", basis="declared", words=words
            )
        )
        if used > limit:
            claim = f"at the peak {count(used)} {name} are needed, {count(limit)} are allowed"
            remedy = "a queue that smooths the peak, a higher limit, fewer or shorter calls"
            found.append(Fault(code="limit_exceeded", severity="blocker", claim=claim, remedy=remedy))
        elif used > _TIGHT * limit:
            claim = f"at the peak {share(used / limit)} of the {name} are used, which leaves little for retries"
            found.append(Fault(code="limit_tight", severity="caution", claim=claim))
    return found


def _workers(
    given: Given, busy: float, seconds: float, quantities: list[Quantity], faults: list[Fault]
) -> tuple[Listing, ...]:
    """Waiting for one of so many workers, arrivals being random and runs of exponential length."""
    workers, patience, late = int(given.number("workers")), given.number("wait"), given.number("late")
    load = busy * given.number("peak")
    how = "M/M/c (Erlang C): random arrivals, runs of exponential length, one queue."
    beyond = wait_beyond(workers, load, seconds, patience)
    wait = mean_wait(workers, load, seconds)
    quantities += [
        Quantity(name="have to wait", value=erlang_c(workers, load), unit="share", basis="extrapolated", words=how),
        Quantity(
            name="mean wait", value=wait if math.isfinite(wait) else None, unit="s", basis="extrapolated", words=how
        ),
        Quantity(name=f"wait longer than {number(patience)} s", value=beyond, unit="share", basis="extrapolated"),
    ]
    try:
        needed = servers_needed(load, seconds, patience, late)
    except ValueError as error:
        raise UsageError(Problem("check-option", str(error))) from None
    quantities.append(Quantity(name="workers needed", value=float(needed), unit="workers", basis="extrapolated"))
    if load >= workers:
        claim = f"{workers} workers cannot keep up with {number(load)} runs at once: the queue grows without end"
        faults.append(Fault(code="overload", severity="blocker", claim=claim, remedy=f"{needed} workers"))
    elif beyond > late:
        claim = f"{share(beyond)} wait longer than {number(patience)} s, {share(late)} are accepted"
        faults.append(Fault(code="waits_too_long", severity="caution", claim=claim, remedy=f"{needed} workers"))
    rows = tuple(
        (str(c), share(min(1.0, load / c)), share(erlang_c(c, load)), share(wait_beyond(c, load, seconds, patience)))
        for c in sorted({workers, needed, *range(max(1, needed - 2), needed + 3)})
    )
    header = ("workers", "busy", "have to wait", f"longer than {number(patience)} s")
    return (Listing(title="By number of workers", header=header, rows=rows),)


CHECK = Check(
    id="load",
    technique="llm_orchestration",
    summary="Runs under way at once, use of rate limits, and waiting for workers at the peak.",
    question="Do the limits hold the load, at the peak too?",
    inputs=(),
    params=(
        Param("per_hour", "number", "Runs that arrive in an hour, on average.", required=True, low=0, open_ends=True),
        Param("seconds", "number", "How long a run takes.", required=True, low=0, open_ends=True),
        Param("calls", "number", "Model calls of a run.", 1.0, low=0),
        Param("tokens", "number", "Tokens of a run, input and output together (cost tells).", low=0),
        Param("peak", "number", "The busiest minute, in multiples of the mean.", 1.0, low=1),
        Param("calls_limit", "number", "Calls a minute that the provider allows.", low=0, open_ends=True),
        Param("tokens_limit", "number", "Tokens a minute that the provider allows.", low=0, open_ends=True),
        Param("workers", "whole", "Runs that can be worked on at once.", low=1, high=100_000),
        Param("wait", "number", "Seconds that a run may wait for a worker.", 10.0, low=0),
        Param("late", "share", "Share of runs that may wait longer.", 0.05, open_ends=True),
    ),
    run=run,
    formula=(
        "L = lambda W. Use of a limit: what a minute of the peak needs over what is allowed. Waiting: Erlang's C for "
        "M/M/c, P(wait > t) = C exp(-(c - a) t / s) with load a = lambda s."
    ),
    source="Little (1961); Erlang (1917)",
    shows_not="bursts that are sharper than random arrivals at the peak rate, retries, or a provider that slows down.",
    example="llm load --per-hour 1200 --seconds 25 --calls 4 --calls-limit 200 --workers 12 --peak 2",
)
