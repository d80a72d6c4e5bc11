"""A mechanism is named first where a change in it alone brings the objective back; what only fits comes after."""

from dataclasses import replace

import numpy as np
import pytest

from scoper.diagnostics import Diagnostic, diagnose
from scoper.diagnostics._cut import cut_of
from scoper.diagnostics._depends import parts_of
from scoper.diagnostics._naming import FITS, blocker
from scoper.diagnostics._signs import Samples, signs_of
from tests.diagnostics import planted


def samples(reward, wanted, action=None):
    wanted = np.asarray(wanted, dtype=float)
    numbers = np.zeros(wanted.size, dtype=np.int64) if action is None else np.asarray(action)
    return Samples(numbers, np.asarray(reward, dtype=float), wanted, np.ones(wanted.size))


LINE = np.linspace(-4.0, 4.0, 81)


@pytest.mark.parametrize(("low", "high", "side", "most"), [(-1.0, 9.0, -1, 3.0), (-9.0, 2.0, 1, 2.0)])
def test_a_cut_line_is_found_with_what_lies_beyond_it(low: float, high: float, side: int, most: float) -> None:
    cut = cut_of(samples(np.clip(LINE, low, high), LINE))

    assert cut is not None
    assert cut.side == side
    assert np.allclose(np.clip(LINE, low, high) + cut.beyond, LINE)
    assert np.abs(cut.beyond).max() == pytest.approx(most)


def test_a_cut_below_the_price_of_an_action_is_found_for_each_action() -> None:
    action = np.repeat([0, 1], LINE.size)
    wanted = np.tile(LINE, 2)
    reward = np.maximum(wanted, -1.0) - 0.7 * action

    cut = cut_of(samples(reward, wanted, action))

    assert cut is not None
    assert np.allclose(reward + cut.beyond, wanted - 0.7 * action)


def test_a_whole_line_and_one_that_turns_round_have_no_cut() -> None:
    assert cut_of(samples(2.0 * LINE + 1.0, LINE)) is None
    assert cut_of(samples(-np.maximum(LINE, -1.0), LINE)) is None


def test_a_loss_that_the_reward_leaves_out_is_no_cut() -> None:
    broken = np.tile([False, False, False, True], 20)
    reward = np.tile([0.0, 1.0, 2.0, 0.0], 20)

    assert cut_of(samples(reward, reward - 5.0 * broken)) is None


def rooms(watched: float, harmful: float):
    """Rest, light the lamp, or harvest in the dark: much, which fouls the river, or with care.

    The reward sees the light, the owner the river.
    """
    laws, labels = {}, []
    for light in (0, 1):
        for river in (0, 1):
            here = 2 * light + river
            labels.append(f"light={light}, river={river}")
            for action, (lit, foul) in enumerate(((light, 0), (1, river), (0, 1), (0, 0))):
                crop = (0.0, 0.0, 1.0, 0.6)[action]
                paid = {"crop": crop, "light": watched * lit}
                laws[here, action] = [(1.0, 2 * lit + foul, paid, crop - harmful * foul, False)]
    return planted.world(laws, labels=labels)


def test_a_part_that_one_of_both_numbers_never_sees_is_told_from_the_other() -> None:
    parts = {part.name: part for part in parts_of(signs_of(rooms(3.0, 4.0)))}

    assert (parts["light"].idle, parts["light"].unseen) == (True, False)
    assert (parts["river"].idle, parts["river"].unseen) == (False, True)


def test_what_a_part_is_worth_is_the_difference_it_makes() -> None:
    signs = signs_of(rooms(3.0, 4.0))
    river = next(part for part in parts_of(signs) if part.name == "river")

    worth = dict(river.worth(signs.wanted))["value"]
    foul = np.array([label.endswith("river=1") for label in signs.world.table.state_labels])[
        signs.world.table.successor
    ]

    assert worth[foul].max() - worth[~foul].min() == pytest.approx(-4.0)


def test_a_reward_for_what_the_owner_does_not_look_at_is_tampering_and_harm_unseen_a_side_effect() -> None:
    lit, foul = (
        [f.defect for f in diagnose(evidence) if f.severity == "blocker"]
        for evidence in (rooms(3.0, 0.0), rooms(0.0, 4.0))
    )

    assert lit[0] == "metric_tampering"
    assert foul == ["proxy_true_divergence", "side_effect"]


def test_a_mechanism_that_only_fits_comes_after_the_divergence_and_says_so(monkeypatch) -> None:
    def inspect(evidence):
        return [blocker(evidence, "ratio_gaming", "a ratio", "pay amounts", shown=False)]

    guess = Diagnostic("guess", "Is it?", "Guesses.", inspect, rank=1)
    sure = Diagnostic(
        "sure", "Is it?", "Knows.", lambda e: [blocker(e, "proxy_true_divergence", "so", "mend")], rank=90
    )
    monkeypatch.setattr("scoper.diagnostics.discover", lambda: ((guess, sure), ()))

    first, second = diagnose(planted.river())

    assert (first.defect, second.defect) == ("proxy_true_divergence", "ratio_gaming")
    assert second.claim.startswith(FITS)


def test_dear_activity_is_no_turned_sign_though_turning_it_would_bring_activity() -> None:
    assert "sign_flip" not in [f.defect for f in diagnose(planted.trips(-20.0))]


def test_an_action_that_costs_here_and_saves_there_has_no_price() -> None:
    evidence = replace(planted.distance(1.0), idle=None)

    assert "do_nothing_optimal" not in [f.defect for f in diagnose(evidence)]
