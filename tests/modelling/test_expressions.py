"""What the expression language admits, what it computes, and how it says no."""

import math
import string

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoper.domain.mdp import Table
from scoper.modelling.expressions import ExpressionError, parse_expression

TABLES = {
    "cost": Table(keys=((0, 1, 2, 3),), values=(1.0, 2.0, 4.0, 8.0)),
    "fee": Table(keys=((5, -1, 2.5),), values=(50.0, 10.0, 25.0)),
    "gain": Table(keys=(("busy", "idle"),), values=(7.0, 3.0)),
    "way": Table(keys=((0, 1), ("idle", "busy")), values=(1.0, 2.0, 3.0, 4.0)),
    "rate": Table(values=(2.5,)),
}
VALUES = {"stock": np.array([0.0, 3.0, 10.0]), "order": 4.0}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stock + order * 2", [8, 11, 18]),
        ("-stock // 4", [0, -1, -3]),
        ("stock % 4", [0, 3, 2]),
        ("(-stock) % 4", [0, 1, 2]),
        ("2 ** -1 + stock", [0.5, 3.5, 10.5]),
        ("min(stock, order, 7)", [0, 3, 4]),
        ("max(0, stock - order)", [0, 0, 6]),
        ("clip(stock, 1, 5)", [1, 3, 5]),
        ("1 < stock <= 10", [0, 1, 1]),
        ("stock > 1 and stock < 5", [0, 1, 0]),
        ("stock > 5 or not stock", [1, 0, 1]),
        ("(stock > 1) + (stock > 5)", [0, 1, 2]),
        ("order if stock == 3 else -1", [-1, 4, -1]),
        ("0 if stock == 0 else 30 / stock", [0, 10, 3]),
        ("round(stock / 4)", [0, 1, 2]),
        ("floor(stock / 4) + ceil(stock / 4)", [0, 1, 5]),
        ("abs(order - stock)", [4, 1, 6]),
        ("true + false", [1, 1, 1]),
        ("sign(stock - order)", [-1, -1, 1]),
        ("round(stock / 4 + 0.25)", [0, 1, 3]),  # 0.25, 1, 2.75
        ("round(0.5) + round(1.5)", [2, 2, 2]),  # halves to the even number: 0 and 2
        ("2 + 3 if stock else 0", [0, 5, 5]),
        (" + ".join(["stock"] * 80), [0, 240, 800]),
        ("not stock", [1, 0, 0]),
        ("mode == busy", [1, 1, 1]),
        ("mode == 'idle'", [0, 0, 0]),
    ],
)
def test_expressions_compute_what_arithmetic_says(text, expected):
    expression = parse_expression(text, ["stock", "order", "mode"], {"idle": 0.0, "busy": 1.0})

    result = np.broadcast_to(expression.evaluate({**VALUES, "mode": 1.0}), 3)
    assert result.tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cost[stock]", [1, 8, math.nan]),
        ("cost[min(stock, 3)] * rate", [2.5, 20, 20]),
        ("cost[stock / 3]", [1, 2, math.nan]),
        ("fee[2.5] + fee[-1] + fee[5]", [85, 85, 85]),
        ("gain[mode] + gain['idle']", [10, 10, 10]),
        ("way[stock > 2, mode]", [2, 4, 4]),
        ("cost[stock] if stock < 4 else -1", [1, 8, -1]),
        ("cost[cost[0]]", [2, 2, 2]),
    ],
)
def test_tables_are_looked_up_and_a_key_that_they_lack_has_no_answer(text, expected):
    expression = parse_expression(text, ["stock", "mode"], {"idle": 0.0, "busy": 1.0}, TABLES)

    result = np.broadcast_to(expression.evaluate({**VALUES, "mode": 1.0}), 3)
    assert result.tolist() == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 / stock > 1", math.nan),
        ("not (0 / stock)", math.nan),
        ("stock == 0 or 0 / stock > 1", 1.0),
        ("stock != 0 and 0 / stock > 1", 0.0),
        ("0 / stock > 1 and stock != 0", math.nan),  # read from the left
        ("0 / stock > 1 or stock != 0", math.nan),
        ("5 if 0 / stock else 6", math.nan),
        ("5 if stock == 0 else 0 / stock", 5.0),
        ("0 < 0 / stock < 1", math.nan),
        ("1 < 0 < 0 / stock", 0.0),
    ],
)
def test_what_has_no_answer_is_handed_on_unless_it_does_not_count(text, expected):
    result = parse_expression(text, ["stock"]).evaluate({"stock": 0.0})

    assert float(result) == pytest.approx(expected, nan_ok=True)


def test_amounts_that_overflow_are_not_taken_for_a_no():
    huge = {"huge": Table(values=(1e300,))}

    assert np.isnan(parse_expression("huge * huge - huge * huge > 1", [], {}, huge).evaluate({}))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1 + cost[stock]", "'cost[stock]': the table cost has no key 7, it has 0 to 3"),
        ("gain[stock]", "'gain[stock]': the table gain has no key 7, it has busy, idle"),
        ("way[1, stock]", "'way[1, stock]': the table way has no key 7, it has idle, busy"),
        ("max(1, log(stock - 8))", "'log(stock - 8)' has no finite value"),
        ("min(1, sqrt(3 - stock)) * 2", "'sqrt(3 - stock)' has no finite value"),
        ("1 if 1 / (stock - 7) else 2", ""),
        ("cost[stock] if stock < 4 else 1", ""),
    ],
)
def test_the_part_without_an_answer_is_named(text, reason):
    expression = parse_expression(text, ["stock"], {"idle": 0.0, "busy": 1.0}, TABLES)

    assert expression.explain({"stock": 7.0}) == reason


def test_functions_without_an_answer_give_inf_or_nan_and_no_warning():
    assert np.isneginf(parse_expression("log(stock)", ["stock"]).evaluate({"stock": 0.0}))
    assert np.isnan(parse_expression("0 / stock", ["stock"]).evaluate({"stock": 0.0}))
    assert np.isinf(parse_expression("exp(stock)", ["stock"]).evaluate({"stock": 1e6}))


def test_unknown_names_are_all_reported_at_their_columns_with_the_nearest_spelling():
    with pytest.raises(ExpressionError) as caught:
        parse_expression("9 * min(stok, order) + ordr", ["stock", "order"])

    assert [(f.message, f.column, f.remedy) for f in caught.value.faults] == [
        ("unknown name 'stok'", 9, "did you mean 'stock'?"),
        ("unknown name 'ordr'", 24, "did you mean 'order'?"),
    ]


def test_columns_count_characters_and_not_bytes():
    with pytest.raises(ExpressionError) as caught:
        parse_expression("  größe + stok", ["größe", "stock"])

    assert caught.value.faults[0].column == 11


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("__import__('os').system('true')", "cannot be called"),
        ("stock.real", "not allowed here"),
        ("stock[0]", "'stock' is not a table"),
        ("[stock]", "not allowed here"),
        ("lambda: 1", "not allowed here"),
        ("(x := 3)", "not allowed here"),
        ("f'{stock}'", "not allowed here"),
        ("open('x')", "unknown function 'open'"),
        ("mim(1, 2)", "did you mean 'min'?"),
        ("clip(stock, 1)", "clip takes 3 arguments, not 2"),
        ("min()", "min takes 1 or more"),
        ("max(*stock)", "plain arguments"),
        ("stock ^ 2", "powers are written"),
        ("(stock > 1) & (order > 1)", "write 'and'"),
        ("(stock > 1) | (order > 1)", "write 'or'"),
        ("~stock", "write 'not'"),
        ("stock is 3", "not allowed"),
        ("1j", "not a number"),
        ("1e999", "too large"),
        ("9" * 400, "too large"),
        ("min + 1", "brackets"),
        ("'idel' == 1", "did you mean 'idle'?"),
        ("1 +", "not an expression"),
        ("", "empty"),
        ("1 if stock", "not an expression"),
        ("stock; order", "not an expression"),
        ("a" * 2000, "at most 1000"),
        ("+".join(["1"] * 300), "too complicated"),
        ("(" * 300 + ")" * 300, "not an expression"),
        ("-" * 999 + "1", "too complicated"),
        ("\x00", "not an expression"),
        ("TODO * 2", "still to be filled in"),
        ("2 ** 101", "the exponent is larger than 100"),
        ("-" * 95 + "stock", "nested more than 90 levels deep"),
        ("cost[stock]", "tables are declared under 'tables:'"),
        ("\uff53tock", "write 'stock'"),
        ("\uff4din(1, 2)", "write 'min'"),
        ("st\u043eck", "in which '\u043e' is U+043E did you mean 'stock'?"),
        ("min[1]", "'min' is an unknown table"),
        ("stock[0][1]", "several keys are written table[a, b]"),
        ("[0][0]", "is not a table"),
        ("yield stock", "not an expression"),
        ("await stock", "not allowed here"),
        ("b'idle'", "is not a number"),
        ("...", "is not a number"),
        ("{stock}", "not allowed here"),
        ("(i for i in stock)", "not allowed here"),
        ("f'{stock!r\u2028}'", "not an expression: expecting '}'"),
        ("'\u2028'", "'?' is not a value of any variable"),
    ],
)
def test_everything_else_is_refused_with_a_reason(text, message):
    with pytest.raises(ExpressionError) as caught:
        parse_expression(text, ["stock", "order"], {"idle": 0.0})

    assert message in "; ".join(f"{fault.message} {fault.remedy}" for fault in caught.value.faults)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("stock => 0", "instead of => write >="),
        ("stock =< 0", "instead of =< write <="),
        ("stock ≤ 0", "instead of ≤ write <="),
        ("stock = 0", "instead of = write =="),
        ("stock >= 0 && order", "instead of && write and"),
        ("stock == 0 || order", "instead of || write or"),
        ("!stock", "instead of ! write not, or !="),
        ("stock ? 1 : 0", "instead of ? write x if condition else y"),
        ("2 × stock", "instead of × write *"),
        ("1 if stock", "instead of if write x if condition else y"),
        ("stock >= <= 1", ""),
        ("stock order", ""),
        ("stock^2 && true", "instead of ^ write **, instead of && write and"),
        ("max(0; stock)", "arguments are separated by commas"),
        ("10 EUR * (stock + 1)", "leave out EUR: units go under `units:`"),
        ("10€ * stock", "leave out €: units go under `units:`"),
        ("$10 * stock", "leave out $: units go under `units:`"),
        ("2 stock", "write 2 * stock"),
        ("1e5 if stock", "instead of if write x if condition else y"),
        ("30% * stock", "instead of 30% write 0.3"),
        ("10,5 * stock", "decimal point: 10.5"),
        ("1,000 * stock", "write 1000, or with a decimal point: 1.000"),
        ("stock, order", "one value is meant: commas separate the arguments of a function and the keys of a table"),
    ],
)
def test_what_people_write_from_habit_is_translated(text, remedy):
    with pytest.raises(ExpressionError) as caught:
        parse_expression(text, ["stock", "order"])

    assert caught.value.faults[0].remedy == remedy


def test_a_huge_power_costs_no_time_and_is_infinite():
    assert math.isinf(float(parse_expression("9 ** 9 ** 9 ** 9", []).evaluate({})))


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=string.ascii_letters + string.digits + " .,:;+-*/%<>=!()[]{}'\"\\_\n\t\0äé", max_size=60))
def test_no_text_whatever_raises_anything_but_an_expression_error(text):
    faults = _faults(text)

    assert faults is None or (faults and all(fault.message and fault.column >= 1 for fault in faults))


def _faults(text):
    try:
        parse_expression(text, ["a", "b"])
    except ExpressionError as error:
        return error.faults
    return None
