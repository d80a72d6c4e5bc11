# Case: @TITLE@
"""No change of a limit brings more than its shadow price says. Run: pytest test_shadow.py. Needs scipy."""

from pathlib import Path

import pytest

pytest.importorskip("scipy")
import shadow

ROWS = shadow.read(Path(__file__).resolve().parent / "amounts.csv")
LIMITS = [row["row"] for row in ROWS if row["sense"] in ("<=", ">=", "=")]
SIGN = 1 if any(row["sense"] == "max" for row in ROWS) else -1


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("change", [-1e-3, 1e-3])
def test_a_changed_limit_never_brings_more_than_its_price(name, change):
    best, _, duals = shadow.solve(ROWS)
    other = [{**row, "rhs": str(float(row["rhs"]) + change)} if row["row"] == name else row for row in ROWS]
    try:
        gained = shadow.solve(other)[0] - best
    except ValueError:
        pytest.skip("with this change no plan is left")
    assert SIGN * gained <= SIGN * duals[name] * change + 1e-7


def test_the_optimum_is_worth_what_it_says_and_keeps_every_limit():
    best, plan, _ = shadow.solve(ROWS)
    worth, broken = shadow.done_that_day(ROWS, plan)
    assert worth == pytest.approx(best)
    assert broken == []
