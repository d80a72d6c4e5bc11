"""Blackjack and Jack's car rental (Sutton and Barto 2018), each solved a second time by plain means."""

import math
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from scoper.domain.tabular import TabularMdp
from scoper.numerics.solve import policy_iteration, start_value, value_iteration

CARDS = {card: Fraction(4 if card == 10 else 1, 13) for card in range(1, 11)}


def _add(total, ace, card):
    """Hand after a card: (sum, usable ace); an ace counts eleven while that does not bust."""
    if card == 1 and total + 11 <= 21:
        return total + 11, True
    total += card
    if total > 21 and ace:
        return total - 10, False
    return total, ace


@cache
def _dealer(total, ace):
    """Chances of the dealer's final sums, 0 for bust; the dealer sticks on seventeen or more."""
    if total > 21:
        return {0: Fraction(1)}
    if total >= 17:
        return {total: Fraction(1)}
    found = {}
    for card, chance in CARDS.items():
        for final, share in _dealer(*_add(total, ace, card)).items():
            found[final] = found.get(final, 0) + chance * share
    return found


@cache
def _stick(total, shown):
    finals = _dealer(*_add(0, False, shown))
    return sum(chance * ((total > final) - (total < final)) for final, chance in finals.items())


@cache
def _hand(total, ace, shown):
    """Exact value of a hand and whether sticking is best."""
    if total > 21:
        return Fraction(-1), True
    hit = sum(chance * _hand(*_add(total, ace, card), shown)[0] for card, chance in CARDS.items())
    stick = _stick(total, shown)
    return max(hit, stick), stick >= hit


HANDS = [(total, ace, shown) for total in range(4, 22) for ace in (False, True) for shown in range(1, 11)]
PLAYED = [hand for hand in HANDS if not hand[1] or hand[0] >= 12]


@cache
def _deal():
    """Chances of the first two cards and the dealer's open one."""
    found = {}
    for first, second, shown in ((a, b, c) for a in CARDS for b in CARDS for c in CARDS):
        hand = (*_add(*_add(0, False, first), second), shown)
        found[hand] = found.get(hand, 0) + CARDS[first] * CARDS[second] * CARDS[shown]
    return found


@pytest.fixture
def blackjack(mdp_of):
    number = {hand: n for n, hand in enumerate(PLAYED)}

    def hit(hand):
        moves = {}
        for card, chance in CARDS.items():
            after = (*_add(hand[0], hand[1], card), hand[2])
            key = (0, -1.0, True) if after[0] > 21 else (number[after], 0.0, False)
            moves[key] = moves.get(key, 0) + chance
        return [(float(chance), *key) for key, chance in moves.items()]

    def stick(hand):
        finals = _dealer(*_add(0, False, hand[2]))
        return [(float(p), 0, float((hand[0] > f) - (hand[0] < f)), True) for f, p in finals.items()]

    start = np.array([float(_deal().get(hand, 0)) for hand in PLAYED])
    return mdp_of([[stick(hand), hit(hand)] for hand in PLAYED], discount=1.0, initial=start)


@pytest.mark.parametrize("solve", [value_iteration, policy_iteration])
def test_blackjack_is_worth_what_exact_fractions_say(blackjack, solve):
    found = solve(blackjack)
    assert found.optimum() == pytest.approx([float(_hand(*hand)[0]) for hand in PLAYED], abs=1e-9)
    expected = sum(chance * _hand(*hand)[0] for hand, chance in _deal().items())
    assert start_value(blackjack, found.value) == pytest.approx(float(expected), abs=1e-9)


def test_blackjack_is_played_as_in_the_book(blackjack):
    """Sutton and Barto (2018), figure 5.2, where it is unambiguous."""
    sticks = dict(zip(PLAYED, policy_iteration(blackjack).policy == 0, strict=True))
    for shown in range(2, 7):
        assert all(sticks[total, False, shown] for total in range(13, 22))
    for shown in (1, 7, 8, 9, 10):
        assert not any(sticks[total, False, shown] for total in range(4, 17))
        assert all(sticks[total, False, shown] for total in range(17, 22))
    assert [sticks[12, False, shown] for shown in range(2, 7)] == [False, False, True, True, True]
    for shown in range(1, 11):
        assert not any(sticks[total, True, shown] for total in range(12, 18))
        assert all(sticks[total, True, shown] for total in (19, 20, 21))
    assert [sticks[18, True, shown] for shown in range(2, 11)] == [True] * 7 + [False] * 2


MOST, RENT, MOVE = 20, 10.0, 2.0


def _place(requests, returns):
    """Chances (21, 21) of the cars next morning and the expected rent, by the cars in the evening; law of one place."""

    def law(mean):
        head = [math.exp(-mean) * mean**k / math.factorial(k) for k in range(60)]
        return np.array(head) / sum(head)

    moves, rent = np.zeros((MOST + 1, MOST + 1)), np.zeros(MOST + 1)
    for cars in range(MOST + 1):
        for asked, p in enumerate(law(requests)):
            rented = min(cars, asked)
            rent[cars] += RENT * p * rented
            for back, q in enumerate(law(returns)):
                moves[cars, min(MOST, cars - rented + back)] += p * q
    return moves, rent


@pytest.fixture(scope="module")
def rental():
    """State: cars at the two places in the evening; action 0..10: cars moved to the second place, minus five."""
    (first, earns_first), (second, earns_second) = _place(3, 3), _place(4, 2)
    size = (MOST + 1) ** 2
    offsets, probability, successor, reward, available = [0], [], [], [], []
    for one in range(MOST + 1):
        for two in range(MOST + 1):
            for moved in range(-5, 6):
                fits = -two <= moved <= one
                available.append(fits)
                if fits:
                    a, b = min(MOST, one - moved), min(MOST, two + moved)
                    probability.append(np.outer(first[a], second[b]).ravel())
                    successor.append(np.arange(size))
                    reward.append(np.full(size, earns_first[a] + earns_second[b] - MOVE * abs(moved)))
                offsets.append(offsets[-1] + (size if fits else 0))
    share = np.concatenate(probability)
    return TabularMdp(
        n_states=size,
        n_actions=11,
        offsets=np.array(offsets),
        successor=np.concatenate(successor),
        probability=share / np.repeat([p.sum() for p in probability], size),
        reward=np.concatenate(reward),
        terminates=np.zeros(share.size, dtype=bool),
        initial=np.full(size, 1.0 / size),
        available=np.array(available).reshape(size, 11),
        discount=0.9,
    )


@pytest.mark.slow
def test_jack_moves_cars_as_in_the_book(rental):
    """Sutton and Barto (2018), figure 4.2: up to five cars one way and four the other."""
    found = policy_iteration(rental)
    moved = found.policy.reshape(MOST + 1, MOST + 1) - 5
    assert (moved.max(), moved.min()) == (5, -4)
    assert (moved[20, 0], moved[0, 20], moved[10, 10]) == (5, -4, 0)
    assert (np.diff(moved, axis=0) >= 0).all()  # more cars here, more are moved away
    assert (np.diff(moved, axis=1) <= 0).all()


@pytest.mark.slow
def test_jacks_value_solves_the_optimality_equation_written_out(rental):
    (first, earns_first), (second, earns_second) = _place(3, 3), _place(4, 2)
    value = policy_iteration(rental).optimum().reshape(MOST + 1, MOST + 1)
    ahead = earns_first[:, None] + earns_second[None, :] + 0.9 * (first @ value @ second.T)
    for one, two in ((0, 0), (20, 0), (7, 13), (20, 20)):
        best = max(
            ahead[min(MOST, one - moved), min(MOST, two + moved)] - MOVE * abs(moved)
            for moved in range(-min(5, two), min(5, one) + 1)
        )
        assert value[one, two] == pytest.approx(best, abs=1e-6)
