# Case: @TITLE@
"""Every shadow price is what one more unit brings. Run: pytest test_shadow.py. Needs scipy."""

from pathlib import Path

import pytest

pytest.importorskip("scipy")
import shadow

ROWS = shadow.read(Path(__file__).resolve().parent / "amounts.csv")
LIMITS = [row["row"] for row in ROWS if row["sense"] in ("<=", ">=", "=")]


@pytest.mark.parametrize("name", LIMITS)
def test_a_little_more_of_a_limit_changes_the_optimum_by_its_price(name):
    best, _, duals = shadow.solve(ROWS)
    more = [{**row, "rhs": str(float(row["rhs"]) + 1e-6)} if row["row"] == name else row for row in ROWS]
    assert (shadow.solve(more)[0] - best) / 1e-6 == pytest.approx(duals[name], abs=1e-3)
