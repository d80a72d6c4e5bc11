"""Load: what is under way at once (Little 1961), and waiting for one of several equal servers (Erlang 1917)."""

from __future__ import annotations

import math


def under_way(arrivals_per_s: float, seconds: float) -> float:
    """L = lambda W: the mean number of runs under way at once, whatever the laws (Little 1961)."""
    return arrivals_per_s * seconds


def erlang_c(servers: int, load: float) -> float:
    """The chance to have to wait in M/M/c: offered load a = lambda times service time in erlangs (Erlang 1917).

    From the recursion of Erlang's B, B_c = a B_{c-1} / (c + a B_{c-1}), and C = c B / (c - a (1 - B)). One where the
    load is not below the servers.
    """
    if load <= 0.0:
        return 0.0
    if load >= servers:
        return 1.0
    blocked = 1.0
    for c in range(1, servers + 1):
        blocked = load * blocked / (c + load * blocked)
    return servers * blocked / (servers - load * (1.0 - blocked))


def mean_wait(servers: int, load: float, service_s: float) -> float:
    """Mean seconds in the queue, C service / (c - a); infinite where the load is not below the servers."""
    if load >= servers:
        return math.inf
    return erlang_c(servers, load) * service_s / (servers - load)


def wait_beyond(servers: int, load: float, service_s: float, seconds: float) -> float:
    """P(wait > seconds) = C exp(-(c - a) seconds / service)."""
    if load >= servers:
        return 1.0
    return erlang_c(servers, load) * math.exp(-(servers - load) * seconds / service_s)


def servers_needed(load: float, service_s: float, seconds: float, share: float, most: int = 1_000_000) -> int:
    """Fewest servers with P(wait > seconds) <= share; raises ValueError beyond `most`."""
    c = max(1, math.floor(load) + 1)
    blocked = 1.0
    for k in range(1, c):
        blocked = load * blocked / (k + load * blocked)
    while c <= most:
        blocked = load * blocked / (c + load * blocked)
        waiting = c * blocked / (c - load * (1.0 - blocked))
        if waiting * math.exp(-(c - load) * seconds / service_s) <= share:
            return c
        c += 1
    raise ValueError(f"more than {most:,} servers would be needed")
