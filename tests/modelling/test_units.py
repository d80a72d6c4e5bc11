"""Units in expressions: how they compose, where they must agree, and what plain numbers do to them."""

from fractions import Fraction

import pytest

from scoper.modelling.expressions import parse_expression
from scoper.modelling.units import Measure, measure_of, parse_unit, unit_text

NAMES = ("stock", "order", "hours", "price", "share", "odd")
MEASURES = {
    "stock": Measure(parse_unit("pieces")),
    "order": Measure(parse_unit("piece")),
    "hours": Measure(parse_unit("hours")),
    "price": Measure(parse_unit("EUR/piece")),
    "share": Measure(parse_unit("1")),
}


def measured(text):
    return measure_of(parse_expression(text, NAMES), MEASURES)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("EUR", "EUR"),
        ("EUR / piece", "EUR / piece"),
        ("EUR per piece per day", "EUR / day / piece"),
        ("kW*h", "h * kW"),
        ("m^2", "m^2"),
        ("1/s", "1 / s"),
        ("m/m", "a plain number"),
        ("1", "a plain number"),
        ("€", "€"),
        ("working days", "working day"),
    ],
)
def test_units_are_read_as_people_write_them(text, shown):
    assert unit_text(parse_unit(text)) == shown


@pytest.mark.parametrize("text", ["", "  ", "EUR//piece", "*", "m^x", "EUR + 1", "12", "(m)", "x" * 61])
def test_what_is_no_unit_is_none(text):
    assert parse_unit(text) is None


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("pieces", "piece"),
        ("boxes", "box"),
        ("batches", "batch"),
        ("lorries", "lorry"),
        ("losses", "loss"),
        ("ms", "ms"),
    ],
)
def test_singular_and_plural_are_one_unit(plural, singular):
    assert parse_unit(plural) == parse_unit(singular)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("stock + order", "piece"),
        ("price * stock", "EUR"),
        ("price * stock / hours", "EUR/hour"),
        ("max(0, stock - order)", "piece"),
        ("stock if order > 2 else 0", "piece"),
        ("abs(-stock)", "piece"),
        ("stock + 1", "piece"),
        ("stock + (order > 0)", "piece"),
        ("stock ** 2", "piece^2"),
        ("sqrt(stock * order)", "piece"),
        ("stock / order", "1"),
        ("clip(stock, 0, 5) * share", "piece"),
    ],
)
def test_products_compose_and_sums_keep_their_unit(text, unit):
    measure, clashes = measured(text)

    assert measure.dimension == parse_unit(unit)
    assert not clashes


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("stock + hours", 1),
        ("2 + (stock - price)", 6),
        ("stock > hours", 1),
        ("min(stock, 3, hours)", 1),
        ("clip(stock, 0, hours)", 1),
        ("stock if order > 0 else hours", 1),
        ("stock % hours", 1),
        ("price * stock + hours", 1),
        ("not (stock == price)", 6),
        ("stock + stock / order", 1),
    ],
)
def test_different_declared_units_clash_where_they_meet(text, column):
    _, (clash,) = measured(text)

    assert clash.certain
    assert clash.column == column


@pytest.mark.parametrize(
    "text", ["stock + odd", "odd * stock + hours", "stock * odd > hours", "exp(share)", "sign(stock) + hours"]
)
def test_what_has_no_unit_fits_everything(text):
    assert measured(text)[1] == ()


def test_behind_a_number_as_factor_a_clash_is_a_question():
    _, (clash,) = measured("stock + 2 * hours")

    assert not clash.certain
    assert clash.message == "adds piece ('stock') and hour ('2 * hours')"


@pytest.mark.parametrize(
    "text",
    ["-200 * price - stock + hours", "-2 * price + 3 * share - stock + hours", "stock - 200 * price + hours"],
)
def test_a_number_as_factor_in_one_term_does_not_hide_that_later_terms_clash(text):
    _, clashes = measured(text)

    (clash,) = [clash for clash in clashes if clash.certain]
    assert "piece ('stock') and hour ('hours')" in clash.message


def test_a_loose_extreme_does_not_hide_a_clash_of_the_others():
    _, clashes = measured("max(2 * price, stock, hours)")

    assert [clash.certain for clash in clashes] == [False, True]


def test_powers_of_a_root_are_exact():
    measure, _ = measured("sqrt(price)")

    assert dict(measure.dimension) == {"EUR": Fraction(1, 2), "piece": Fraction(-1, 2)}
