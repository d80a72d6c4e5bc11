from __future__ import annotations

import math
import re
from collections.abc import Mapping
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoper.domain.dossier import Dossier
from scoper.domain.probe import GapShare, LearningCurve, ProbeResult, ReturnSummary
from scoper.services.figures import result_figures
from scoper.services.svg import COLOURS, MUTED, Scale, nice_step, padded, spread, tick_label

finite = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)


def result(returns: Mapping[str, float], curves: tuple[LearningCurve, ...] = ()) -> ProbeResult:
    summaries = {name: ReturnSummary(mean=v, low=v, high=v, n=1, basis="measured") for name, v in returns.items()}
    return ProbeResult(spec={}, verdict="feasible", criterion="c", returns=summaries, curves=curves)


def label_heights(svg: str) -> list[float]:
    """The heights of the labels at the right margin of the learning curves."""
    right = max(float(x) for x in re.findall(r'<text x="([\d.]+)"', svg))
    return sorted(float(y) for x, y in re.findall(r'<text x="([\d.]+)" y="([\d.]+)"', svg) if float(x) == right)


def test_a_figure_is_well_formed_and_tells_its_content_in_words(dossiers: Mapping[str, Dossier]) -> None:
    drawn = result_figures(dossiers["reinforcement_learning"].result)  # type: ignore[arg-type]
    assert [figure.name for figure in drawn] == ["learning_curves.svg", "returns.svg"]
    for figure in drawn:
        root = ElementTree.fromstring(figure.svg)
        assert root.find("{http://www.w3.org/2000/svg}title") is not None
        description = root.find("{http://www.w3.org/2000/svg}desc")
        assert description is not None
        assert description.text == " ".join(figure.alt.split())
        assert "exact optimum" in figure.alt
        assert "NaN" not in figure.svg


def test_labels_keep_their_distance_when_all_lines_coincide() -> None:
    curves = tuple(LearningCurve(learner="q_learning", seed=s, steps=(1, 2), returns=(0.0, 0.0)) for s in range(3))
    (drawn, _) = result_figures(result({"random": 0, "constant": 0, "optimal": 0, "q_learning": 0}, curves))
    heights = label_heights(drawn.svg)
    assert len(heights) == 4
    assert min(b - a for a, b in pairwise(heights)) >= 15.9


def test_nothing_is_drawn_from_values_that_are_not_numbers() -> None:
    curve = LearningCurve(learner="ppo", seed=0, steps=(1, 2, 3, 4), returns=(math.nan, 1.0, math.inf, 2.0))
    (drawn,) = result_figures(result({"ppo": 2.0}, (curve,)))
    ElementTree.fromstring(drawn.svg)
    assert "nan" not in drawn.svg
    assert "inf" not in drawn.svg.replace("info", "")


def test_a_seed_that_stopped_early_keeps_its_last_value() -> None:
    curves = (
        LearningCurve(learner="ppo", seed=0, steps=(10, 20), returns=(0.0, 500.0)),
        LearningCurve(learner="ppo", seed=1, steps=(10, 20, 40), returns=(0.0, 100.0, 300.0)),
    )
    (drawn,) = result_figures(result({"ppo": 400.0}, curves))
    assert "PPO goes from 0 to 400 within 40 timesteps (2 seeds)" in drawn.alt  # (500 + 300) / 2
    assert "keeps its last value" in drawn.caption


def test_a_ceiling_that_is_no_policy_is_drawn_where_the_gap_share_puts_it() -> None:
    measured = result({"random": 20.0, "ppo": 380.0})
    gap = GapShare(
        estimate=0.75, low=0.7, high=0.8, n_seeds=3, learner="ppo", floor="random", ceiling="declared target"
    )
    (drawn,) = result_figures(measured.model_copy(update={"gap_share": gap}))
    assert "ceiling declared target: 500" in drawn.alt  # 20 + (380 - 20) / 0.75


def test_a_name_that_ends_in_a_number_is_kept_apart_from_its_value() -> None:
    curve = LearningCurve(learner="ppo", seed=0, steps=(1, 2), returns=(0.0, 1.0))
    (drawn, _) = result_figures(result({"fill_up_to_12": 579.62, "ppo": 1.0}, (curve,)))
    assert "fill up to 12: 579.62" in drawn.svg


def test_no_figure_without_numbers() -> None:
    assert result_figures(result({})) == ()


def test_a_curve_far_below_everything_is_cut_and_said_so() -> None:
    curve = LearningCurve(learner="q_learning", seed=0, steps=(1, 2, 3), returns=(-9000.0, 0.0, 9.0))
    (drawn, _) = result_figures(result({"random": 0, "optimal": 10, "q_learning": 9}, (curve,)))
    assert "lower values are cut off" in drawn.svg


@given(st.lists(finite, min_size=1, max_size=8), st.floats(1, 40))
def test_spread_labels_are_apart_inside_and_in_order(wanted: list[float], gap: float) -> None:
    places = spread(wanted, gap, 0.0, 400.0)
    ranked = [places[i] for i in sorted(range(len(wanted)), key=lambda i: (wanted[i], i))]
    assert all(b - a >= gap - 1e-6 for a, b in pairwise(ranked))
    assert min(places) >= -1e-6
    assert max(places) <= 400.0 + 1e-6


@given(st.floats(1e-6, 1e9), st.integers(1, 10))
def test_a_nice_step_is_the_smallest_round_one_that_needs_no_more_ticks(span: float, about: int) -> None:
    step = nice_step(span, about)
    mantissa = step / 10 ** math.floor(math.log10(step) + 1e-9)
    assert any(math.isclose(mantissa, nice, rel_tol=1e-6) for nice in (1, 2, 2.5, 5, 10))
    assert span / step <= about * (1 + 1e-6)
    assert span / step >= about / 2.5 * (1 - 1e-6)


@given(finite, finite)
def test_ticks_lie_inside_the_axis_and_have_different_labels(a: float, b: float) -> None:
    scale = Scale(*padded(min(a, b), max(a, b)), 0.0, 100.0)
    ticks = scale.ticks()
    assert all(scale.low - 1e-6 * abs(scale.low) <= value <= scale.high + 1e-6 * abs(scale.high) for value, _ in ticks)
    if abs(scale.high - scale.low) > 1e-4 * max(abs(scale.low), abs(scale.high)):
        assert len({label for _, label in ticks}) == len(ticks)


@pytest.mark.parametrize(
    ("value", "step", "label"),
    [(0.0, 0.5, "0.0"), (-2.5, 2.5, "−2.5"), (1_500_000, 500_000, "1.5M"), (0.02, 0.01, "0.02"), (200, 100, "200")],
)
def test_tick_labels_have_the_decimals_of_their_step(value: float, step: float, label: str) -> None:
    assert tick_label(value, step) == label


@pytest.mark.parametrize("colour", [*COLOURS, MUTED])
def test_every_colour_of_text_meets_contrast_aa_on_white(colour: str) -> None:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]  # WCAG 2.2
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert 1.05 / (luminance + 0.05) >= 4.5
