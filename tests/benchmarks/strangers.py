"""Probe environments that other people wrote, each in quick mode: a verdict or a named fault, and the seconds it took.

Run: python tests/benchmarks/strangers.py FOLDER [--only WORD] [--limit SECONDS] [--budget WORD] [--doctor].
FOLDER, outside the checkout, gets a virtual environment with the packages of strangers.txt, with constraints.txt as
bounds, and the specs; where it exists already it is used as it is. One probe at a time, the first environment of every
package first. "fault" means: no verdict on the reward, but a blocker or a failure that names what is wrong with the
environment. With --doctor only the doctor looks.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent
BY_ID = {
    "anesthesim": ("anesthesim", "CombinedAnesthesia-v0 PropofolControl-v0 RemifentanilDosing-v0"),
    "antibiosim": ("antibiosim", "AntibioticSelection-v0 DoseOptimization-v0 ResistanceControl-v0 TherapySwitch-v0"),
    "cardiosim": ("cardiosim", "AntiarrhythmicDosing-v0 DefibrillationTiming-v0 PacingControl-v0"),
    "glucosim": ("glucosim", "BasalControl-v0 BolusAdvisor-v0 ClosedLoop-v0"),
    "hemosim": ("hemosim", "DICManagement-v0 DOACManagement-v0 HeparinInfusion-v0 WarfarinDosing-v0"),
    "immunosim": ("immunosim", "AdaptiveDosing-v0 CARTCell-v0 CheckpointInhibitor-v0 CombinationTherapy-v0"),
    "gym_invmgmt": ("GymInvMgmt", "Serial-v0 MultiEchelon-v0"),
    "stokasta": ("stokasta", "DynamicInventory-v0"),
    "or_gymnasium": (
        "",
        "BinPacking-v0 InvManagement-v0 Knapsack-v0 Newsvendor-v0 PortfolioOpt-v0 TSP-v0 VMPacking-v0",
    ),
    "or_gym_inventory": ("or_gym_inventory", "InvManagementBacklog-v0 NetInvMgmtLostSales-v0 Newsvendor-v0"),
    "minigrid": ("", "MiniGrid-Empty-5x5-v0 MiniGrid-DoorKey-5x5-v0 MiniGrid-LockedRoom-v0 BabyAI-GoToObj-v0"),
    "highway_env": ("", "highway-fast-v0 parking-v0 intersection-v0"),
    "popgym": ("", "popgym-RepeatFirstEasy-v0 popgym-PositionOnlyCartPoleEasy-v0 popgym-BattleshipEasy-v0"),
    "mdp_playground": ("", "RLToy-v0"),
    "mo_gymnasium": ("", "deep-sea-treasure-v0 resource-gathering-v0"),
}
"""Module to import: the ids' namespace, and the ids without it."""
MADE = {
    "decisionrl": "DynamicPricing InventoryManagement QueueAdmissionControl Thermostat",
    "gym_classics2": "ClassicGridworld-v1 WindyGridworld-v0 19Walk-v0",
    "bsuite": "catch/0 bandit/0 deep_sea/0",
}
"""Function of strangers_made.py: the names that it takes."""
GRACE_S = 30.0


@dataclass(frozen=True)
class Stranger:
    """One environment: its package's module, its name for the table, and how a spec names it."""

    module: str
    name: str
    environment: dict[str, Any]


def strangers(only: str) -> list[Stranger]:
    """All of them whose module/name holds `only`, the packages taking turns."""
    found: list[tuple[int, Stranger]] = []
    for module, (space, names) in BY_ID.items():
        for turn, name in enumerate(names.split()):
            identifier = f"{space}/{name}" if space else name
            found.append((turn, Stranger(module, name, {"id": f"{module}:{identifier}"})))
    for module, names in MADE.items():
        for turn, name in enumerate(names.split()):
            call = {"entry_point": f"strangers_made.py:{module}", "path": str(HERE), "kwargs": {"name": name}}
            found.append((turn, Stranger(module, name, call)))
    ordered = [stranger for _, stranger in sorted(found, key=lambda pair: pair[0])]
    return [stranger for stranger in ordered if only in f"{stranger.module}/{stranger.name}"]


def prepared(folder: Path) -> Path:
    """The Python of the folder's virtual environment, made when there is none."""
    if folder == CHECKOUT or CHECKOUT in folder.parents:
        sys.exit("strangers.py: FOLDER must lie outside the checkout")
    python = folder / "venv" / "bin" / "python"
    if not (folder / "installed").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
        pip = [str(python), "-m", "pip", "install", "-q", "-c", str(CHECKOUT / "constraints.txt")]
        torch = next(line for line in (CHECKOUT / "constraints.txt").read_text().splitlines() if line[:6] == "torch=")
        subprocess.run([*pip, torch], check=True)
        subprocess.run([*pip, "-e", f"{CHECKOUT}[deep]"], check=True)
        subprocess.run([*pip, "-r", str(HERE / "strangers.txt")], check=True)
        (folder / "installed").touch()
    return python


def looked_at(stranger: Stranger, python: Path, folder: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    """What scoper says of it: kind (verdict, fault, crash, late), words, wall and processor seconds."""
    spec = folder / "specs" / f"{stranger.module}-{stranger.name.replace('/', '-')}.yaml"
    spec.parent.mkdir(exist_ok=True)
    document = {"scoper_mdp": 1, "name": f"{stranger.module} {stranger.name}", "environment": stranger.environment}
    spec.write_text(json.dumps(document, indent=1), encoding="utf-8")
    verb = ["doctor"] if arguments.doctor else ["probe", "--budget", arguments.budget]
    command = [str(python), "-m", "scoper", *verb, str(spec), "--trust", "--json", "--quiet", "--no-input"]
    began, used = time.perf_counter(), _child_s()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder, start_new_session=True
    )
    try:
        out, err = process.communicate(timeout=arguments.limit + GRACE_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate()
        out, err = "", "did not end"
    told = {"seconds": time.perf_counter() - began, "cpu": _child_s() - used, "code": process.returncode}
    if told["seconds"] > arguments.limit:
        return {**told, "kind": "late", "words": err.strip()[-100:] or "a result, but late"}
    try:
        document = json.loads(out)
    except ValueError:
        return {**told, "kind": "crash", "words": (err.strip().splitlines() or ["nothing was said"])[-1]}
    return {**told, **(_doctors_words(document) if arguments.doctor else _words(document, process.returncode))}


def _words(result: dict[str, Any], code: int) -> dict[str, Any]:
    findings = result.get("findings") or []
    blockers = [f["code"] for f in findings if f["severity"] == "blocker"]
    faults = [row["kind"] for row in result.get("doctor") or [] if row["check"] == "scoper" and row["matters"] != "no"]
    if "internal_error" in blockers or code == 5:
        return {"kind": "crash", "words": result.get("because", "")}
    if code not in (0, 1, 3):
        return {"kind": "crash", "words": f"exit code {code}: {result}"}
    beside = f" ({', '.join(faults)})" if faults else ""
    if "budget_exhausted" in blockers:
        return {"kind": "late", "words": result.get("because", "")}
    named = [name for name in blockers if name in faults]
    if named or code == 3:
        return {"kind": "fault", "words": f"{', '.join(named) or result.get('because', '')}"}
    steps = max((curve["steps"][-1] for curve in result.get("curves") or [] if curve["steps"]), default=0)
    return {"kind": "verdict", "words": f"{result['verdict']}{beside}", "steps": steps}


def _doctors_words(examination: dict[str, Any]) -> dict[str, Any]:
    faults = ", ".join(f["id"] for f in examination["faults"] if f["severity"] != "info")
    return {"kind": "verdict", "words": f"{examination['soundness']}: {faults}" if faults else examination["soundness"]}


def _child_s() -> float:
    """Processor seconds of ended children, and of their children that they waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Print the table and the counts; exit code 1 when something crashed or was late."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="environments whose module/name holds this word")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds that one may take")
    parser.add_argument("--budget", default="quick")
    parser.add_argument("--doctor", action="store_true", help="ask the doctor instead of probing")
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    python = prepared(folder)
    kinds: Counter[str] = Counter()
    modules: set[str] = set()
    print(f"{'package':<18}{'environment':<34}{'':<9}{'seconds':>8}{'cpu':>7}  words")
    for stranger in strangers(arguments.only):
        told = looked_at(stranger, python, folder, arguments)
        kinds[told["kind"]] += 1
        modules.add(stranger.module)
        head = f"{stranger.module:<18}{stranger.name:<34}{told['kind']:<9}{told['seconds']:8.1f}{told['cpu']:7.1f}"
        print(f"{head}  {told['words'][:150]}", flush=True)
    counts = ", ".join(f"{kind} {number}" for kind, number in sorted(kinds.items()))
    print(f"{sum(kinds.values())} environments of {len(modules)} packages: {counts}")
    sys.exit(1 if kinds["crash"] or kinds["late"] else 0)


if __name__ == "__main__":
    main()
