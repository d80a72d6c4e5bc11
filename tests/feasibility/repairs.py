"""Which repair passes for every planted item that has one: each is applied to a copy and audited again.

    python -m tests.feasibility.repairs [--half dev|held|fresh|later|last|clear] [--only id,kind,family] [--most 3]
        [--budget quick]

Without learning: an audit finds defects and looks for repairs, a second one judges each. An item counts when a repair
passes, that is when the second audit finds neither a blocker nor the defect and the objective is back to 80 %. The last
line also counts without the plainest repair, which pays the objective itself.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from scoper.domain.repairs import AuditedState, RepairSummary
from scoper.errors import ScoperError
from scoper.services import probing
from tests.feasibility.suite import HERE, PARTS, Item, load

PLAINEST = "pay_the_objective"


def repaired(item: Item, most: int, budget: str) -> tuple[str, Sequence[RepairSummary]]:
    """The verdict before, and the repairs that passed."""
    plan = probing.make_plan(item.text(), f"{item.id}.yaml", HERE, budget=budget, trust=True)
    try:
        result = probing.probe(plan.model_copy(update={"repairs": most, "audit_only": True}))
    except ScoperError as fault:
        return f"error: {fault}", ()
    return result.verdict, result.repairs


def line(item: Item, verdict: str, passed: Sequence[RepairSummary], seconds: float) -> str:
    """One line of the list: the item, what would mend it, and what did, with the shares before and after."""
    said = [f"{repair.repair} ({_share(repair.before)} -> {_share(repair.after)})" for repair in passed]
    words = ", ".join(said) if said else "-"
    return f"{item.id:24s} {item.kind:23s} {item.repair:24s} {verdict:26s} {seconds:4.0f} s  {words}"


def _share(state: AuditedState) -> str:
    return "?" if state.share is None else f"{state.share:.0%}"


def main() -> int:
    """Prints a line an item and the shares; 1 when fewer than three fifths of the items are repaired."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--half", default="dev", choices=PARTS)
    parser.add_argument("--only", default="")
    parser.add_argument("--most", type=int, default=3)
    parser.add_argument("--budget", default="quick")
    asked = parser.parse_args()
    names = set(filter(None, asked.only.split(",")))
    items = [item for item in load().values() if item.repair and item.half == asked.half]
    items = [item for item in items if not names or names & {item.id, item.kind, item.family}]
    any_repair = own = 0
    for item in items:
        began = time.monotonic()
        verdict, passed = repaired(item, asked.most, asked.budget)
        any_repair += bool(passed)
        own += any(repair.repair != PLAINEST for repair in passed)
        print(line(item, verdict, passed, time.monotonic() - began), flush=True)
    n = max(len(items), 1)
    print(f"repaired: {any_repair}/{len(items)} ({any_repair / n:.0%}); without {PLAINEST}: {own} ({own / n:.0%})")
    return 0 if any_repair >= 0.6 * len(items) else 1


if __name__ == "__main__":
    sys.exit(main())
