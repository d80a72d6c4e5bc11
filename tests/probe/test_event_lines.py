"""Whatever an event holds, its line reaches the other end of the pipe."""

import json
import math

import numpy as np
import pytest

from scoper.domain.findings import Finding
from scoper.domain.probe import CurvePoint, Failed, FindingRaised, ReturnMeasured, ReturnSummary
from scoper.probe.protocol import decode, encode
from scoper.probe.seed_jobs import SeedDone
from scoper.probe.seed_jobs import decode as decode_seed
from scoper.probe.seed_jobs import encode as encode_seed

NO_FINITE_NUMBERS = (math.nan, math.inf, -math.inf)
ODD = (
    *NO_FINITE_NUMBERS,
    np.float32(0.1),
    np.float64("nan"),
    np.int64(2**62),
    np.bool_(True),
    np.array([[1.0, math.nan]]),
    {1, 2},
    {(1, 2): np.int8(3)},
    b"\xff",
    "a lone \ud800 surrogate",
    10**400,
    1j,
    object(),
    None,
)


def strict(line):
    def refuse(word):
        raise AssertionError(f"{word} is no JSON")

    return json.loads(line, parse_constant=refuse)


def raised(**evidence):
    return FindingRaised(finding=Finding(code="odd", severity="info", claim="odd", evidence=evidence))


@pytest.mark.parametrize("value", NO_FINITE_NUMBERS)
def test_a_number_that_is_not_finite_arrives_as_what_it_was(value):
    point = CurvePoint(learner="ppo", seed=0, steps=1, of_steps=2, mean_return=value)
    summary = ReturnSummary(mean=value, low=value, high=value, n=1, basis="measured")
    done = SeedDone(
        index=0,
        planned=1,
        steps=(1,),
        means=(value,),
        mean=value,
        of_last=value,
        wanted=value,
        taken=1,
        cut=False,
        episodes=(value,),
    )

    strict(encode(point))
    np.testing.assert_equal(decode(encode(point).strip()).mean_return, value)
    np.testing.assert_equal(decode(encode(ReturnMeasured(policy="a", summary=summary)).strip()).summary.low, value)
    np.testing.assert_equal(decode_seed(encode_seed(done).strip()).means, (value,))


@pytest.mark.parametrize("value", ODD, ids=[type(value).__name__ for value in ODD])
def test_evidence_of_any_kind_goes_through(value):
    line = encode(raised(odd=value, nested={"rows": [value, (value, 1)]}))

    assert strict(line)["kind"] == "finding"
    assert decode(line.strip()).finding.code == "odd"


def test_random_heaps_of_odd_values_go_through():
    rng = np.random.default_rng(0)

    def heap(depth):
        if depth == 0 or rng.random() < 0.4:
            return ODD[rng.integers(len(ODD))]
        if rng.random() < 0.5:
            return [heap(depth - 1) for _ in range(rng.integers(4))]
        return {str(rng.integers(9)): heap(depth - 1) for _ in range(rng.integers(4))}

    for _ in range(300):
        line = encode(raised(odd=heap(4)))
        strict(line)
        assert b"\n" not in line[:-1]
        assert decode(line.strip()).kind == "finding"


def test_a_message_with_half_a_character_says_the_rest():
    failed = decode(encode(Failed(code="crash", message="half \udcff", log_tail="\ud800")).strip())

    assert (failed.message, failed.log_tail) == ("half \ufffd", "\ufffd")
