"""Probe every item of the suite and say how the answers stand against what is proven of it.

    python -m tests.feasibility.score [--blind] [--seeds 0,1,2] [--only id,kind,family] [--every 1]
        [--half dev|held|fresh|later|last|clear] [--budget 60] [--jobs 1] [--json FILE] [--export FOLDER]

Each probe runs in its sheltered child. An answer is acceptable when its verdict is among the item's; the kind is named
when a finding carries it or another right name of it, named first when the first finding with a defect does.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from scoper.errors import ScoperError
from scoper.services import probing
from tests.feasibility.suite import BAD, HERE, PARTS, Item, load

Row = dict[str, Any]


def probed(item: Item, blind: bool, seed: int, budget: str) -> Row:
    """What the probe says of one item, and how that stands."""
    began = time.monotonic()
    verdict, findings, error = "error", (), ""
    try:
        plan = probing.make_plan(item.text(blind), f"{item.id}.yaml", HERE, budget=budget, seed=seed, trust=True)
        result = probing.probe(plan)
        verdict, findings = result.verdict, result.findings
    except ScoperError as fault:
        error = str(fault)
        if (result := getattr(fault, "result", None)) is not None:
            verdict, findings = result.verdict, result.findings
    defects = list(dict.fromkeys(f.defect for f in findings if f.defect))
    return {
        "id": item.id, "kind": item.kind, "half": item.half, "form": "spec" if item.spec else "world", "seed": seed,
        "blind": blind, "verdict": verdict, "defects": defects, "codes": [f"{f.severity}:{f.code}" for f in findings],
        "exact": verdict == item.acceptable(blind)[0], "acceptable": verdict in item.acceptable(blind),
        "named": any(d in item.kinds for d in defects), "first": bool(defects) and defects[0] in item.kinds,
        "true_kind": item.kind in defects, "true_first": bool(defects) and defects[0] == item.kind,
        "bad": item.is_clean and verdict in BAD,
        "missed": not item.is_clean and verdict == "feasible",
        "seconds": round(time.monotonic() - began, 2), "error": error,
    }  # fmt: skip


def share(rows: Sequence[Row], key: str) -> str:
    """How many of the rows have it, and the share."""
    hits = sum(bool(row[key]) for row in rows)
    return f"{hits}/{len(rows)} ({hits / len(rows):.1%})" if rows else "-"


def stable(rows: Iterable[Row]) -> str:
    """How many items got the same verdict with every seed."""
    by_id: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        by_id[row["id"]].add(row["verdict"])
    same = sum(len(verdicts) == 1 for verdicts in by_id.values())
    return f"{same}/{len(by_id)} ({same / len(by_id):.1%})"


def summary(rows: Sequence[Row]) -> str:
    """The figures of one run."""
    planted, clean = [r for r in rows if r["kind"] != "clean"], [r for r in rows if r["kind"] == "clean"]
    seconds = [row["seconds"] for row in rows]
    lines = [
        f"acceptable verdicts  planted {share(planted, 'acceptable')}  clean {share(clean, 'acceptable')}  "
        f"all {share(rows, 'acceptable')}",
        f"exact verdicts       planted {share(planted, 'exact')}  clean {share(clean, 'exact')}",
        f"kind named           {share(planted, 'named')}  its own name {share(planted, 'true_kind')}",
        f"kind named first     {share(planted, 'first')}  its own name {share(planted, 'true_first')}",
        f"clean called bad     {share(clean, 'bad')}  planted called feasible {share(planted, 'missed')}",
        f"seconds an item      mean {sum(seconds) / len(seconds):.1f}  max {max(seconds):.1f}",
        f"same over seeds      {stable(rows)}",
    ]
    for name in PARTS:
        half = [row for row in rows if row["half"] == name]
        lines.append(f"acceptable, {name:<8} {share(half, 'acceptable')}")
    return "\n".join(lines)


def confusion(rows: Sequence[Row]) -> str:
    """Per kind: how many, acceptable, named, and what was said: verdicts, and the kind named first."""
    lines = [f"{'kind':<26}{'n':>4}{'ok':>4}{'named':>6}{'first':>6}  verdicts; first named"]
    for kind in sorted({row["kind"] for row in rows}, key=lambda k: (k == "clean", k)):
        of_kind = [row for row in rows if row["kind"] == kind]
        counts = [sum(row[key] for row in of_kind) for key in ("acceptable", "named", "first")]
        verdicts = ", ".join(f"{name} {n}" for name, n in Counter(row["verdict"] for row in of_kind).most_common())
        firsts = Counter(row["defects"][0] if row["defects"] else "-" for row in of_kind).most_common(4)
        named = ", ".join(f"{name} {n}" for name, n in firsts)
        lines.append(f"{kind:<26}{len(of_kind):>4}{counts[0]:>4}{counts[1]:>6}{counts[2]:>6}  {verdicts}; {named}")
    return "\n".join(lines)


def chosen(items: dict[str, Item], only: str, half: str) -> list[Item]:
    """The items asked for, by id, kind or family."""
    wanted = set(filter(None, only.split(",")))
    return [
        item
        for item in items.values()
        if (not wanted or {item.id, item.kind, item.family} & wanted) and half in ("", item.half)
    ]


def export(items: Iterable[Item], folder: Path, blind: bool) -> None:
    """Every item's spec as a file that `scoper probe` takes."""
    folder.mkdir(parents=True, exist_ok=True)
    for item in items:
        (folder / f"{item.id}.mdp.yaml").write_text(item.text(blind), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.feasibility.score", description=__doc__)
    parser.add_argument("--blind", action="store_true", help="without the owner's objective")
    parser.add_argument("--seeds", default="0")
    parser.add_argument("--only", default="", help="ids, kinds or families, with commas between")
    parser.add_argument("--half", default="", choices=["", *PARTS])
    parser.add_argument("--every", type=int, default=1, help="every so manieth item only: a quick look")
    parser.add_argument("--budget", default="quick", help="quick, or seconds")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--json", type=Path, help="a file for all results")
    parser.add_argument("--export", type=Path, help="write the specs into this folder, and probe nothing")
    asked = parser.parse_args()
    items = chosen(load(), asked.only, asked.half)[:: asked.every]
    if not items:
        parser.error(f"no item is called, or of the kind or family, {asked.only}")
    if asked.export:
        export(items, asked.export, asked.blind)
        return
    tasks = [(item, int(seed)) for seed in asked.seeds.split(",") for item in items]
    rows: list[Row] = []
    with ThreadPoolExecutor(asked.jobs) as pool:
        for row in pool.map(lambda task: probed(task[0], asked.blind, task[1], asked.budget), tasks):
            rows.append(row)
            mark = "ok " if row["acceptable"] else ("BAD" if row["bad"] else "no ")
            print(
                f"{mark} {row['id']:<26}{row['kind']:<26}{row['verdict']:<26}{row['seconds']:>6.1f} s  "
                f"{','.join(row['defects'])}{row['error'][:120]}",
                file=sys.stderr,
                flush=True,
            )
            if asked.json:
                asked.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    print(summary(rows), confusion(rows), sep="\n\n")


if __name__ == "__main__":
    main()
