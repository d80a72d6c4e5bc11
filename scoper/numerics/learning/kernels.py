"""The inner loops, written so that the interpreter and the compiler read the same law.

`compiled` hands them to numba; single functions are also called as they stand. Uniform numbers come from SplitMix64
(Steele, Lea and Flood 2014) read as a counter: word i of a key needs no state, so that a lane may skip words and both
engines see the same ones. A timestep owns `WORDS` of them: action, transition, start state, action after truncation.
Every power, logarithm and exponential is a table or a polynomial, because library functions differ by processor.

States own consecutive pairs first_pair[s] .. first_pair[s + 1]; only available actions have one.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

Array = Any
"""numpy arrays; their types are numba's business, and naming them would not make the loops clearer."""

EPSILON_GREEDY, SOFTMAX, UPPER_CONFIDENCE = 0, 1, 2
Q_LEARNING, SARSA, EXPECTED_SARSA = 0, 1, 2
WORDS = 4
ACTION, TRANSITION, START, AFTER_TRUNCATION = 0, 1, 2, 3
GOLDEN, MIX_1, MIX_2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
U = np.uint64
"""An unsigned index cannot count from the end, so nothing is checked before the load: 20 % faster in all."""
U1, U11, U27, U30, U31 = np.uint64(1), np.uint64(11), np.uint64(27), np.uint64(30), np.uint64(31)
UNIT = 2.0**-53
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01 / 64, 1.90821492927058770002e-10 / 64
PER_LN2 = 92.33248261893298
ROOTS_OF_TWO = np.exp2(np.arange(64).astype(np.longdouble) / 64).astype(np.float64)
POWERS_OF_TWO = np.ldexp(1.0, np.arange(-1100, 1))
LOG_TABLE = 2**12
LOGARITHMS = np.log(np.maximum(np.arange(LOG_TABLE), 1).astype(np.longdouble)).astype(np.float64)
LN2 = float(np.log(np.longdouble(2)))
NOTHING = -700.0
"""exp of less than this is taken as zero."""


def uniform(key: Any, index: int) -> float:
    """Number `index` of the stream `key`, in [0, 1)."""
    z = key + (np.uint64(index) + U1) * GOLDEN
    z = (z ^ (z >> U30)) * MIX_1
    z = (z ^ (z >> U27)) * MIX_2
    z = z ^ (z >> U31)
    return float(np.int64(z >> U11) * UNIT)


def exp_of(x: float) -> float:
    """exp(x) for x <= 0 within two units in the last place: 2^(k/64) times a polynomial of what is left."""
    if x < NOTHING:
        return 0.0
    k = math.floor(x * PER_LN2 + 0.5)
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    p = 1.0 + r * (1.0 + r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0)))))
    n = int(k)
    return float((p * ROOTS_OF_TWO[n & 63]) * POWERS_OF_TWO[(n >> 6) + 1100])


def log_of(n: int) -> float:
    """Logarithm of n for n >= 1; from 4,096 on within 0.0005, all that a confidence width needs."""
    shift = 0.0
    while n >= LOG_TABLE:
        n = n >> 1
        shift += LN2
    return float(LOGARITHMS[n] + shift)


def best_of(q: Array, low: int, high: int) -> int:
    """The first pair in [low, high) with the highest value."""
    best = low
    top = q[U(low)]
    for pair in range(low + 1, high):
        value = q[U(pair)]
        if value > top:
            top = value
            best = pair
    return best


def confident_of(q: Array, visits: Array, low: int, high: int, width: float) -> int:
    """The pair with the highest upper confidence bound; the first untried one if there is any."""
    total = 0
    for pair in range(low, high):
        if visits[pair] == 0:
            return pair
        total += visits[pair]
    logarithm = log_of(total)
    best = low
    top = q[low] + width * math.sqrt(logarithm / visits[low])
    for pair in range(low + 1, high):
        bound = q[pair] + width * math.sqrt(logarithm / visits[pair])
        if bound > top:
            top = bound
            best = pair
    return best


def softmax_into(q: Array, low: int, high: int, temperature: float, weight: Array) -> float:
    """Weights exp((q - max q) / temperature) into weight[0 : high - low]; returns their sum."""
    top = q[low]
    for pair in range(low + 1, high):
        top = max(top, q[pair])
    total = 0.0
    for pair in range(low, high):
        weight[pair - low] = exp_of((q[pair] - top) / temperature)
        total += weight[pair - low]
    return total


def drawn_from(weight: Array, n: int, point: float) -> int:
    """The index at which the running sum of weight[0 : n] first exceeds `point`."""
    running = 0.0
    for index in range(n - 1):
        running += weight[index]
        if point < running:
            return index
    return n - 1


def choose(q: Array, visits: Array, low: int, high: int, kind: int, level: float, u: float, weight: Array) -> int:
    """The pair of a state to take next, given a uniform number."""
    if kind == EPSILON_GREEDY:
        if u < level:
            return low + min(int(u / level * (high - low)), high - low - 1)
        return best_of(q, low, high)
    if kind == SOFTMAX:
        total = softmax_into(q, low, high, level, weight)
        return low + drawn_from(weight, high - low, u * total)
    return confident_of(q, visits, low, high, level)


def expected(q: Array, visits: Array, low: int, high: int, kind: int, level: float, weight: Array) -> float:
    """The mean action value of a state under the rule that `choose` follows (Sutton and Barto 2018, equation 6.9)."""
    if kind == EPSILON_GREEDY:
        total = q[low]
        for pair in range(low + 1, high):
            total += q[pair]
        return float(level * (total / (high - low)) + (1.0 - level) * q[best_of(q, low, high)])
    if kind == SOFTMAX:
        total = softmax_into(q, low, high, level, weight)
        mean = 0.0
        for pair in range(low, high):
            mean += weight[pair - low] * q[pair]
        return mean / total
    return float(q[confident_of(q, visits, low, high, level)])


def drawn(cumulative: Array, low: int, high: int, u: float) -> int:
    """The first entry of cumulative[low : high] above `u`; its last one is 1."""
    if high - low <= 8:
        place = low
        for other in range(low, high - 1):  # a sum has no branch to guess wrong: 14 % faster where chance decides
            place += int(cumulative[U(other)] <= u)
        return place
    high -= 1
    while low < high:
        middle = (low + high) >> 1
        if cumulative[middle] <= u:
            low = middle + 1
        else:
            high = middle
    return low


def begin(starts: Array, start_cumulative: Array, key: Any, timestep: int) -> Any:
    """The state an episode begins in after `timestep`."""
    if starts.size == 1:
        return starts[0]
    return starts[drawn(start_cumulative, 0, starts.size, uniform(key, timestep * WORDS + START))]


def paid(reward: Any, bonus: float, visits: int) -> Any:
    """What the learner is told it got: the reward, and something for a pair that was rarely visited."""
    return reward + bonus / math.sqrt(visits) if bonus > 0.0 else reward


def remembered(observed: Array, first: int, left: int) -> int:
    """The transition of a pair that saw visit number `left`, transitions taken as often as they were observed."""
    while left >= observed[first]:
        left -= observed[first]
        first += 1
    return first


def value_block(  # noqa: C901  # one loop in one piece: every call in it is paid tens of millions of times a second
    first_pair: Array,
    offsets: Array,
    cumulative: Array,
    successor: Array,
    reward: Array,
    terminates: Array,
    starts: Array,
    start_cumulative: Array,
    method: int,
    kind: int,
    discount: float,
    bonus: float,
    longest: int,
    planning: int,
    level: Array,
    by_visits: Array,
    by_timestep: Array,
    keys: Array,
    began: int,
    lane: Array,
    q: Array,
    visits: Array,
    observed: Array,
    known: Array,
    weight: Array,
) -> None:
    """The timesteps `began` .. began + level.size - 2 of one seed of a value learner, in place.

    lane: state, age of the episode, pair chosen already (-1 none), pairs known to the model. level has one entry more
    than there are timesteps, for the action that SARSA chooses ahead. Sutton and Barto (2018), sections 6.4-6.6, 8.2.
    """
    key = keys[0]
    state, age, carried, n_known = lane[0], lane[1], lane[2], lane[3]
    none = np.int64(-1)
    greedy: Any = none
    most = by_visits.size - 1
    for i in range(level.size - 1):
        timestep = began + i
        low, high = first_pair[U(state)], first_pair[U(state + 1)]
        if carried >= 0:
            pair = carried
        elif greedy >= 0 and kind == EPSILON_GREEDY:
            u = uniform(key, timestep * WORDS)
            pair = greedy
            if u < level[i]:
                pair = low + min(int(u / level[i] * (high - low)), high - low - 1)
        else:
            pair = choose(q, visits, low, high, kind, level[i], uniform(key, timestep * WORDS), weight)
        carried = greedy = none
        taken, beyond = offsets[U(pair)], offsets[U(pair + 1)]
        if beyond - taken > 1:
            taken = drawn(cumulative, taken, beyond, uniform(key, timestep * WORDS + TRANSITION))
        after, terminated = successor[U(taken)], terminates[U(taken)]
        age += 1
        truncated = age >= longest
        ahead = 0.0
        if not terminated:
            after_low, after_high = first_pair[U(after)], first_pair[U(after + 1)]
            if method == Q_LEARNING:
                greedy = best_of(q, after_low, after_high)
                ahead = q[U(greedy)]
            elif method == SARSA:
                word = timestep * WORDS + (AFTER_TRUNCATION if truncated else WORDS)
                u = uniform(key, word)
                carried = np.int64(choose(q, visits, after_low, after_high, kind, level[i + 1], u, weight))
                ahead = q[carried]
            else:
                ahead = expected(q, visits, after_low, after_high, kind, level[i + 1], weight)
        n = visits[U(pair)]
        visits[U(pair)] = n + 1
        rate = by_visits[U(min(n, most))] if most >= 0 else by_timestep[U(i)]
        q[U(pair)] += rate * (paid(reward[U(taken)], bonus, n + 1) + discount * ahead - q[U(pair)])
        if planning > 0:
            observed[taken] += 1
            if n == 0:
                known[n_known] = pair
                n_known += 1
            for j in range(planning):
                word = (timestep * planning + j) * 2
                again = known[int(uniform(keys[1], word) * n_known)]
                seen = remembered(observed, offsets[again], int(uniform(keys[1], word + 1) * visits[again]))
                ahead = 0.0
                if not terminates[seen]:
                    ahead = q[best_of(q, first_pair[successor[seen]], first_pair[successor[seen] + 1])]
                rate = by_visits[min(visits[again] - 1, most)] if most >= 0 else by_timestep[i]
                q[again] += rate * (paid(reward[seen], bonus, visits[again]) + discount * ahead - q[again])
        if terminated or truncated:
            after = begin(starts, start_cumulative, key, timestep)
            age = 0
            carried = greedy = none
        elif after == state or planning > 0:
            greedy = none
        state = after
    lane[0], lane[1], lane[2], lane[3] = state, age, carried, n_known
