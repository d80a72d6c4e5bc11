"""A linear or mixed-integer programme: its size and structure, what an exact solver makes of it, and the greedy gap."""

from __future__ import annotations

import numpy as np

from scoper.checks import Check, Given, Input, Param
from scoper.checks._shapes import is_programme
from scoper.domain.checks import Fault, Listing, Outcome, Quantity, Speaks
from scoper.domain.numbers import count, number
from scoper.domain.text import shown
from scoper.numerics.programme import Programme, Solved, blocks, conflict, greedy, holds, is_network, solve

_WIDE, _SHOWN = 1e6, 20


def run(given: Given) -> Outcome:
    """Structure, optimum, relaxation and greedy plan."""
    programme = given.inputs["programme"]
    assert isinstance(programme, Programme)
    limit = given.number("limit")
    size = _size(programme)
    relaxed = solve(programme.relaxed(), limit)
    solved = solve(programme, limit) if programme.whole.any() else relaxed
    faults = list(_structure_faults(programme))
    if solved.status in ("infeasible", "unbounded"):
        return _without_optimum(programme, solved, size, faults)
    quantities = [*size, *_values(programme, solved, relaxed)]
    listings = [_plan(programme, solved)] if solved.x is not None else []
    if solved.status == "cut":
        claim = f"after {number(limit)} s the solver had not proved its plan the best; this depends on the machine"
        remedy = "--limit more seconds, tighter rows, or a plan that is good enough: look at the gap"
        faults.append(Fault(code="time_cut", severity="caution", claim=claim, source=programme.source, remedy=remedy))
    quantities += _greedy(programme, solved)
    kind = "mixed-integer programme" if programme.whole.any() else "linear programme"
    shape = f"a {kind} of {count(programme.cost.size)} variables and {_rows(programme)}"
    if solved.value is None:
        headline = f"The solver found no plan for {shape} in {number(limit)} s."
    elif solved.status == "cut":
        headline = f"The solver found {number(solved.value)} for {shape}, without proof that nothing is better."
    else:
        headline = f"An exact solver finds and proves the best plan of {shape}: {number(solved.value)}."
    return Outcome(
        headline=headline,
        quantities=tuple(quantities),
        listings=tuple(listings),
        faults=tuple(faults),
        speaks=_speaks(programme, solved),
    )


def _rows(programme: Programme) -> str:
    return f"{count(len(programme.rows))} row{'s' * (len(programme.rows) != 1)}"


def _size(programme: Programme) -> list[Quantity]:
    entries = int((programme.table != 0).sum())
    density = entries / programme.table.size if programme.table.size else 0.0
    words = f"{int(programme.whole.sum())} whole, {int((~programme.whole).sum())} real."
    return [
        Quantity(name="variables", value=float(programme.cost.size), basis="declared", words=words),
        Quantity(name="rows", value=float(len(programme.rows)), basis="declared"),
        Quantity(name="entries not zero", value=density, unit="share", basis="declared", words=f"{entries} in all."),
        Quantity(
            name="parts that share no variable",
            value=float(blocks(programme)),
            basis="proved",
            words="Each could be solved alone.",
        ),
    ]


def _values(programme: Programme, solved: Solved, relaxed: Solved) -> list[Quantity]:
    status = "proved" if solved.status == "optimal" else "measured"
    ends = sorted(v for v in (solved.value, solved.bound) if v is not None)
    found = [
        Quantity(
            name="best plan",
            value=solved.value,
            low=ends[0] if ends and solved.status == "cut" else None,
            high=ends[-1] if ends and solved.status == "cut" else None,
            basis="proved" if status == "proved" else "measured",
            words=f"HiGHS, relative gap 1e-9, {count(solved.nodes)} nodes.",
        )
    ]
    if programme.whole.any() and relaxed.value is not None and solved.value:
        gap = abs(relaxed.value - solved.value) / max(abs(solved.value), 1e-12)
        words = (
            f"Without whole numbers {number(relaxed.value)}: how much the whole numbers cost. Small is easy to solve."
        )
        found.append(Quantity(name="integrality gap", value=gap, unit="share", basis="proved", words=words))
    return found


def _greedy(programme: Programme, solved: Solved) -> list[Quantity]:
    rule = greedy(programme)
    if rule is None or solved.value is None:
        words = "No usual greedy rule applies, or it ends without a plan that keeps all rows."
        return [Quantity(name="greedy plan", value=None, basis="measured", words=words)]
    name, plan = rule
    value = float(programme.cost @ plan)
    kept = "keeps all rows" if holds(programme, plan) else "breaks a row"
    loss = (solved.value - value) if programme.maximise else (value - solved.value)
    gap = loss / abs(solved.value) if solved.value else None
    return [
        Quantity(name="greedy plan", value=value, basis="measured", words=f"Rule: {name}; it {kept}."),
        Quantity(
            name="greedy gap",
            value=gap,
            unit="share",
            basis="measured",
            words="What the greedy plan loses against the best one; near zero, no solver is needed.",
        ),
    ]


def _without_optimum(programme: Programme, solved: Solved, size: list[Quantity], faults: list[Fault]) -> Outcome:
    if solved.status == "unbounded":
        headline = "The goal grows without end: a row or an end of a variable is missing."
        claim = "no plan is the best, as the goal has no limit"
        source = programme.source
        faults.append(Fault(code="unbounded", severity="blocker", claim=claim, source=source, remedy="limit it"))
        return Outcome(headline=headline, quantities=tuple(size), faults=tuple(faults))
    rows = conflict(programme)
    named = ", ".join(shown(programme.rows[i], 30) for i in rows[:_SHOWN])
    headline = f"No plan keeps all rows. These contradict each other: {named}." if rows else "No plan keeps all rows."
    line = programme.lines[rows[0]] if rows else 1
    claim = (
        f"the rows {named} cannot all hold within the variables' bounds, and none can be spared"
        if rows
        else "no plan keeps all rows"
    )
    remedy = "soften one of them and say what each unit of breaking it costs"
    faults.append(
        Fault(code="infeasible", severity="blocker", claim=claim, source=programme.source, line=line, remedy=remedy)
    )
    return Outcome(headline=headline, quantities=tuple(size), faults=tuple(faults))


def _plan(programme: Programme, solved: Solved) -> Listing:
    assert solved.x is not None
    order = [int(j) for j in np.argsort(-np.abs(solved.x), kind="stable") if abs(solved.x[j]) > 1e-9]
    rows = tuple((shown(programme.variables[j], 40), number(float(solved.x[j]))) for j in order[:_SHOWN])
    note = f"{len(order)} of {programme.cost.size} variables are not zero."
    return Listing(title="The best plan", header=("variable", "value"), rows=rows, note=note)


def _structure_faults(programme: Programme) -> list[Fault]:
    found: list[Fault] = []
    source = programme.source
    sizes = np.abs(programme.table[programme.table != 0])
    if sizes.size and sizes.max() / sizes.min() > _WIDE:
        claim = f"entries from {sizes.min():.3g} to {sizes.max():.3g}: solvers work to about 1e-7 of the largest"
        remedy = "choose units in which numbers are alike, and give 'big M' the smallest value that does"
        found.append(Fault(code="wide_range", severity="caution", claim=claim, source=source, remedy=remedy))
    empty = [i for i in range(len(programme.rows)) if not programme.table[i].any()]
    for i in empty[:5]:
        claim = f"the row {shown(programme.rows[i], 40)} holds no variable"
        found.append(Fault(code="empty_row", severity="caution", claim=claim, source=source, line=programme.lines[i]))
    idle = [j for j in range(programme.cost.size) if not programme.table[:, j].any()]
    if idle:
        named = ", ".join(shown(programme.variables[j], 30) for j in idle[:5])
        claim = f"no row limits {named}"
        found.append(Fault(code="unlimited_variable", severity="info", claim=claim, source=source, line=1))
    if programme.whole.any() and is_network(programme):
        claim = "it is a network: whole numbers come out by themselves, so a linear programme is enough at any size"
        found.append(Fault(code="network", severity="info", claim=claim, source=source))
    return found


def _speaks(programme: Programme, solved: Solved) -> tuple[Speaks, ...]:
    if solved.status != "optimal":
        return ()
    words = f"an instance of {count(programme.cost.size)} variables and {_rows(programme)} was solved exactly"
    said = Speaks(
        signal="solver_formulation",
        answer="yes",
        words=f"{words}. Whether it holds all that matters was not measured",
    )
    return (said,)


CHECK = Check(
    id="programme",
    technique="classical_optimisation",
    summary="Size and structure of a linear or mixed-integer programme, its exact optimum, and the greedy gap.",
    question="Does an exact solver settle this, and what does a greedy rule lose?",
    inputs=(Input("programme", "programme", "a CSV with the columns row, sense, rhs and variables, or an MPS file"),),
    params=(
        Param("limit", "number", ("Seconds for the solver; only a safety cut, and named when it cuts."), 60.0, low=1),
    ),
    run=run,
    formula=(
        "The programme is solved with and without whole numbers; integrality gap = |relaxed - best| "
        "/ |best|. Greedy: gain "
        "for the scarcest resource (packing), cost for what is missing (covering), else rounding. "
        "Contradictions by the "
        "deletion filter."
    ),
    source=(
        "Huangfu and Hall (2018), HiGHS; Dantzig (1957); Chvatal (1979); Chinneck and Dravnieks (1991); Hoffman and "
        "Kruskal (1956)"
    ),
    shows_not=(
        "that the numbers in it are right, how it goes with larger instances, or that a plan "
        "survives what is uncertain."
    ),
    informs=("solver_formulation",),
    whole=True,
    fits=is_programme,
    example="optimisation programme plan.csv",
)
