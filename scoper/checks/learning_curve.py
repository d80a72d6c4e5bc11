"""Whether more labelled cases would help: accuracy by number of cases, and how far the line still rises."""

from __future__ import annotations

import numpy as np

from scoper.checks import Check, Given, Input, Param
from scoper.checks._cases import DECISION, IGNORE, INPUTS, SEED, Cases, cases_of
from scoper.checks._shapes import is_cases
from scoper.domain.checks import Fault, Listing, Outcome, Quantity
from scoper.domain.numbers import count, share
from scoper.numerics.case_columns import Codes, Floats
from scoper.numerics.simple_model import fit
from scoper.numerics.statistics import student_quantile

_SIZES = (0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
_ROUNDS = 20
_TEST = 0.25


def curve_of(cases: Cases, seed: int) -> tuple[Codes, np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
    """(sizes (m,), accuracy (rounds, m)) on a random quarter of the cases, anew in every round."""
    rng = np.random.default_rng(seed)
    n_train = len(cases) - round(_TEST * len(cases))
    sizes = np.unique([max(5, round(part * n_train)) for part in _SIZES])
    found = np.zeros((_ROUNDS, sizes.size))
    for i in range(_ROUNDS):
        order = rng.permutation(len(cases))
        test = order[n_train:]
        for j, size in enumerate(sizes):
            kept = order[:size]
            model = fit(cases.columns(kept), cases.decisions[kept], len(cases.names))
            found[i, j] = float((model.predict(cases.columns(test)) == cases.decisions[test]).mean())
    return sizes, found


def corrected(values: Floats) -> tuple[float, float, float]:
    """Mean and interval over random splits: variance times (1 / J + test / train), Student (Nadeau, Bengio 2003)."""
    mean = float(values.mean())
    spread = float(values.std(ddof=1)) * (1.0 / values.size + _TEST / (1.0 - _TEST)) ** 0.5
    half = student_quantile(0.975, values.size - 1) * spread
    return mean, mean - half, mean + half


def run(given: Given) -> Outcome:
    """The curve, and the gain of its last doubling."""
    cases = cases_of(given)
    sizes, accuracy = curve_of(cases, int(given.number("seed")))
    last = accuracy[:, -1]
    half = int(np.argmin(np.abs(sizes - sizes[-1] / 2)))
    gain, low, high = corrected(last - accuracy[:, half])
    spread = "Over 20 random splits, corrected for the cases that they share (Nadeau and Bengio 2003, 95 %)."
    mean, at_low, at_high = corrected(last)
    quantities = (
        Quantity(
            name=f"accuracy with {count(int(sizes[-1]))} cases",
            value=mean,
            low=max(0.0, at_low),
            high=min(1.0, at_high),
            unit="share",
            basis="measured",
            words=spread,
        ),
        Quantity(
            name=f"gained from {count(int(sizes[half]))} to {count(int(sizes[-1]))} cases",
            value=gain,
            low=low,
            high=high,
            unit="share",
            basis="measured",
            words=spread,
        ),
    )
    rows = tuple((count(int(size)), share(float(accuracy[:, j].mean()))) for j, size in enumerate(sizes))
    listing = Listing(title="Accuracy by number of cases", header=("cases", "right on unseen ones"), rows=rows)
    rising = low > given.number("worth")
    flat = high < given.number("worth")
    worth = share(given.number("worth"))
    if rising:
        headline = f"The last doubling of cases brought {share(gain)}, so more labelled cases are worth having."
    elif flat:
        headline = f"The last doubling of cases brought less than {worth}: other columns help more than more cases."
    else:
        headline = f"Whether another doubling of cases brings {worth} is open: the last one brought {share(gain)}."
    code = "still_rising" if rising else "flat" if flat else "open"
    fault = Fault(code=code, severity="info", claim=headline.rstrip("."), source=cases.records.source, line=1)
    return Outcome(headline=headline, quantities=quantities, listings=(listing,), faults=(*cases.faults, fault))


CHECK = Check(
    id="learning_curve",
    technique="supervised_learning",
    summary="Accuracy of a simple model by number of labelled cases, and what the last doubling brought.",
    question="Would more labelled cases help?",
    inputs=(Input("cases", "records", "a CSV of labelled cases: a header, the inputs, the label last"),),
    params=(
        DECISION,
        IGNORE,
        INPUTS,
        Param("worth", "share", "What a doubling of cases has to bring to be worth it.", 0.01, open_ends=True),
        SEED,
    ),
    run=run,
    formula="Naive Bayes on 5 % to 100 % of three quarters of the cases, judged on the rest; 20 random splits.",
    source="own; learning curves as in Perlich, Provost, Simonoff (2003)",
    shows_not="what a richer model would gain: such models go on rising where this one is flat.",
    whole=True,
    fits=is_cases,
    example="supervised learning-curve cases.csv --decision label",
)
