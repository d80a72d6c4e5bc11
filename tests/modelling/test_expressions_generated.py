"""Python generated from an expression and its value on arrays agree, also where there is no answer."""

import ast

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoper.modelling.expressions import ExpressionError, parse_expression
from scoper.modelling.python_source import source_of


def _faults(text):
    try:
        parse_expression(text, ["a", "b"])
    except ExpressionError as error:
        return error.faults
    return None


OPERATORS = "+ - * / // % ** < <= > >= == != and or"
LEAVES = st.sampled_from(["a", "b", "0", "1", "2.5", "true"])
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(OPERATORS.split(" ")), inner).map("({0[0]} {0[1]} {0[2]})".format),
        st.tuples(st.sampled_from(["-", "not ", "+"]), inner).map("({0[0]}{0[1]})".format),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map("{0[0]}({0[1]}, {0[2]})".format),
        st.tuples(st.sampled_from(["abs", "exp", "log", "sqrt", "floor", "ceil", "round", "sign"]), inner).map(
            "{0[0]}({0[1]})".format
        ),
        st.tuples(inner, inner, inner).map("({0[0]} if {0[1]} else {0[2]})".format),
        st.tuples(inner, inner, inner).map("clip({0[0]}, {0[1]}, {0[2]})".format),
        st.tuples(inner, inner, inner).map("({0[0]} < {0[1]} <= {0[2]})".format),
    ),
    max_leaves=12,
)


def calc(operation, *values):
    with np.errstate(all="ignore"):
        return float(operation(*values))


@settings(max_examples=300, deadline=None)
@given(EXPRESSIONS, st.integers(-3, 3), st.integers(-3, 3))
def test_generated_python_and_arrays_compute_the_same(text, a, b):
    assume(not _has_undefined_part(text, a, b))  # specs in which such a part reaches a result are refused
    expression = parse_expression(text, ["a", "b"])
    vector = float(expression.evaluate({"a": np.array([a]), "b": float(b)}).ravel()[0])
    scope = {"calc": calc, "np": np, "v_a": float(a), "v_b": float(b)}
    scalar = eval(source_of(expression, {"a": "v_a", "b": "v_b"}), scope)

    assert scalar == pytest.approx(vector, rel=1e-12, abs=1e-12)


def _has_undefined_part(text, a, b):
    tree = ast.parse(text, mode="eval").body
    parts = [ast.get_source_segment(text, node) for node in ast.walk(tree) if isinstance(node, ast.expr)]
    values = [
        parse_expression(part, ["a", "b"]).evaluate({"a": float(a), "b": float(b)})
        for part in parts
        if _faults(part) is None
    ]
    return not all(np.isfinite(value) for value in values)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("max(0, sqrt(x))", None),
        ("clip(0, sqrt(x), 1)", None),
        ("1 if sqrt(x) > 0 else 2", None),
        ("not sqrt(x)", None),
        ("min(3, log(x) / 0)", None),
        ("x > 0 and sqrt(x) > 0", 0.0),
        ("x < 0 or sqrt(x) > 0", 1.0),
        ("max(0, x / 2)", 0.0),
        ("0 < x + 3 < 5", 1.0),
    ],
)
def test_what_has_no_answer_is_handed_on_number_by_number_as_in_arrays(text, expected):
    from scoper.modelling.scalar import scalar_of

    expression = parse_expression(text, ["x"], {})
    with np.errstate(all="ignore"):
        alone, among = scalar_of(expression)({"x": -1.0}), float(expression.evaluate({"x": -1.0}))
    assert np.isnan(among) == (expected is None)
    assert alone == among or (np.isnan(alone) and np.isnan(among))
    assert expected is None or alone == expected
