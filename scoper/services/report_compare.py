"""All techniques side by side on the article's three axes - engineering effort, running cost, time per decision.

Layout only: a range is the first of its axis whose conditions the answers meet; what the probe measured or proved comes
before it. The costs of a wrong decision are picked the same way.
"""

from __future__ import annotations

from scoper.domain.decision import TECHNIQUES, UNDECIDED
from scoper.domain.dossier import Dossier
from scoper.services.numbers import number, plain
from scoper.services.report_data import AXES, Range, ReportData
from scoper.services.report_probe import exact_view
from scoper.services.report_view import Row, ranking_rows

LEARNS = "reinforcement_learning"


def comparison_view(dossier: Dossier, data: ReportData) -> Row:
    """One row per technique in the order of the ranking, with a range, its basis and what set it on each axis."""
    verdict = dossier.verdict
    percent = {row["name"]: row["percent"] for row in ranking_rows(verdict, data)}
    order = [entry.technique for entry in verdict.ranking] or list(TECHNIQUES)
    order += [technique for technique in TECHNIQUES if technique not in order]
    rows = []
    for technique in order:
        name = data.name("techniques", technique)
        axes = {axis: axis_view(dossier, data, technique, axis) for axis in AXES}
        rows.append(
            {
                "name": name,
                "support": percent.get(name, "0 %"),
                "chosen": technique == verdict.technique,
                "reachable": technique in verdict.possible,
                **axes,
            }
        )
    cells = [cell for row in rows for axis in AXES if (cell := row[axis])]
    sources = dict.fromkeys((cell["source"], cell["unit"]) for cell in cells if cell["source"])
    bases = list(dict.fromkeys(cell["basis"] for cell in cells))
    return {"rows": rows, "sources": [{"text": text, "unit": unit} for text, unit in sources], "bases": bases}


def axis_view(dossier: Dossier, data: ReportData, technique: str, axis: str) -> Row | None:
    """What `technique` takes on `axis` here; None where nothing is on file."""
    if technique == LEARNS and axis == "cost" and (measured := _measured(dossier, data)):
        return measured
    is_exact = technique == LEARNS and exact_view(dossier, data) is not None
    entry = data.comparison.get(technique)
    for known in entry.axes.get(axis, ()) if entry else ():
        if known.when.holds(dossier.case) and (known.exact is None or known.exact == is_exact):
            basis = data.name("basis", known.basis)
            return {"text": _range(known), "unit": known.unit, "basis": basis} | {
                "moved": known.moved,
                "source": known.source,
            }
    return None


def _measured(dossier: Dossier, data: ReportData) -> Row | None:
    """The timesteps that learning took in the probe of the present spec."""
    result = dossier.result if dossier.result_is_current else None
    steps = result.cost.steps_to_target if result is not None and result.cost else None
    if result is None or steps is None or exact_view(dossier, data) is not None:
        return None
    basis = data.name("basis", result.basis.get("cost.steps_to_target", "measured"))
    ends = _ends(steps.low, steps.high)
    moved = "reaching 95 % of the gap on the environment that was probed"
    return {"text": f"{ends} timesteps a seed", "unit": "", "basis": basis, "moved": moved, "source": ""}


def _range(known: Range) -> str:
    if known.high == 0:
        return f"no {known.unit}"
    return f"{_ends(known.low, known.high)} {known.unit}"


def _ends(low: float, high: float) -> str:
    return _figure(high) if low == high else f"{_figure(low)} to {_figure(high)}"


def _figure(value: float) -> str:
    """Whole numbers in full, as in 50,000,000; others rounded as everywhere in a report."""
    return plain(int(value)) if float(value).is_integer() else number(value)


def wrong_view(dossier: Dossier, data: ReportData) -> Row:
    """What is at stake, what being wrong costs in this case, and the technique that is likeliest instead."""
    verdict = dossier.verdict
    technique = verdict.technique
    entry = data.comparison.get(technique)
    holding = [harm for harm in (entry.wrong if entry else ()) if harm.when.holds(dossier.case)]
    harms = [{"say": harm.say, "evidence": _evidence(dossier, harm.evidence), "eases": harm.eases} for harm in holding]
    others = [e for e in verdict.ranking if e.technique != technique and e.support > 0]
    percent = {row["name"]: row["percent"] for row in ranking_rows(verdict, data)}
    instead = data.name("techniques", others[0].technique) if others and technique != UNDECIDED else ""
    return {
        "effort": axis_view(dossier, data, technique, "effort") if verdict.readiness != "no" else None,
        "harms": harms,
        "instead": instead,
        "instead_support": percent.get(instead, ""),
        "open": _open_efforts(dossier, data) if technique == UNDECIDED else [],
    }


def _open_efforts(dossier: Dossier, data: ReportData) -> list[Row]:
    """While undecided: what each technique that is still possible would take."""
    listed = [e.technique for e in dossier.verdict.ranking if e.technique in dossier.verdict.possible]
    found = [(data.name("techniques", t), axis_view(dossier, data, t, "effort")) for t in listed]
    return [{"name": name, "effort": effort} for name, effort in found if effort]


def _evidence(dossier: Dossier, signal: str) -> list[str]:
    given = dossier.case.answers.get(signal, ()) if signal else ()
    return list(dict.fromkeys(a.evidence.strip() for a in given if a.evidence and a.evidence.strip()))
