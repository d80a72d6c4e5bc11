"""Print whether independent DMN engines decide as scoper does, from the DMN file that scoper exports.

Run: python tests/benchmarks/dmn_roundtrip.py [--vectors 1000] [--seed 0] [--venv DIR] [--engine NAME ...]. The engines
are installed from PyPI into a venv of their own (kept when DIR is named), so that they are no dependency of scoper.
pydmnrules takes about a second for each vector; it is left out unless it is named.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

from scoper.reasoning.outcome import outcome
from scoper.services.dmn import NO_FAMILY, dmn_xml
from scoper.services.library import load_library

ENGINES = {
    "pydmnrules": "pydmnrules==1.4.5",
    "SpiffWorkflow": "SpiffWorkflow==3.2.0",
    "bkflow-dmn": "bkflow-dmn==0.2.0",
}
WORKER = Path(__file__).with_name("dmn_engines.py")


def engine_python(folder: Path) -> Path:
    """The interpreter of a venv with the three engines, made when it is not there."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        quiet = ["--quiet", "--disable-pip-version-check"]
        subprocess.run([python, "-m", "pip", "install", *quiet, *ENGINES.values()], check=True)
    return python


def round_trip(folder: Path, vectors: int, seed: int, engines: list[str]) -> dict[str, int]:
    """Engine to the number of random answer vectors (uniform over all known answers) on which it agrees."""
    pack = load_library().pack
    rng = random.Random(seed)
    answers = [{s: rng.choice(pack.known_values(s)) for s in pack.questions} for _ in range(vectors)]
    wanted = [(said.technique, said.family or NO_FAMILY) for said in (outcome(pack, a) for a in answers)]
    with tempfile.TemporaryDirectory() as work:
        document, given = Path(work) / "scoper.dmn", Path(work) / "answers.json"
        document.write_text(dmn_xml(pack), encoding="utf-8")
        given.write_text(
            json.dumps([{k.replace("-", "_"): v for k, v in a.items()} for a in answers]), encoding="utf-8"
        )
        return {name: _agreeing(engine_python(folder), name, document, given, wanted) for name in engines}


def _agreeing(python: Path, name: str, document: Path, given: Path, wanted: list[tuple[str, str]]) -> int:
    started = time.perf_counter()
    run = subprocess.run([python, WORKER, name, document, given], capture_output=True, text=True, check=False)
    if run.returncode != 0:
        print(run.stderr, file=sys.stderr)
        return 0
    found = [(one["technique"], one["family"]) for one in json.loads(run.stdout.splitlines()[-1])]
    agreeing = sum(a == b for a, b in zip(found, wanted, strict=True))
    print(f"{name}: {agreeing} of {len(wanted)} verdicts equal ({time.perf_counter() - started:.0f} s)", flush=True)
    return agreeing


def main() -> int:
    """Print the agreement of each engine; 1 when one disagrees anywhere."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--vectors", type=int, default=1000)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--venv", type=Path)
    options.add_argument("--engine", choices=ENGINES, nargs="+", default=["SpiffWorkflow", "bkflow-dmn"])
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        agreeing = round_trip(chosen.venv or Path(spare) / "venv", chosen.vectors, chosen.seed, chosen.engine)
    return int(any(number != chosen.vectors for number in agreeing.values()))


if __name__ == "__main__":
    raise SystemExit(main())
