"""Random keys, clicks and resizes, and hostile texts: small samples of what the benchmarks do at length."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from scoper.interfaces.tui.pictures import recorded
from scoper.services import probing
from scoper.services.library import load_library

pytestmark = pytest.mark.slow

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


def benchmark(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", range(3))
def test_the_interface_survives_three_hundred_random_keys(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr(probing, "run_probe", probing.run_probe)  # put back afterwards

    assert benchmark("tui_monkey").survived(load_library(), recorded(), seed, 300) == ""


@pytest.mark.parametrize("first", [10_000, 20_000])
def test_keys_typed_ahead_of_the_screen_end_nothing(monkeypatch: pytest.MonkeyPatch, first: int) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    bursts = benchmark("tui_bursts")

    assert [said for seed in range(first, first + 8) if (said := bursts.ended(seed))] == []


def test_no_escape_of_eighty_hostile_texts_reaches_the_terminal(tmp_path: Path) -> None:
    import random

    fuzz, rng = benchmark("tui_escapes"), random.Random(11)
    for _ in range(2):
        texts = [fuzz.hostile(rng) for _ in range(fuzz.PER_CASE)]
        (tmp_path / "case.yaml").write_text(fuzz.case_of(texts[:-2]), encoding="utf-8")
        output = fuzz.shown(tmp_path, "case.yaml", texts[-2:])

        assert b"Evidence" in output
        crashes = [path.read_text(encoding="utf-8") for path in tmp_path.glob("*crash*")]
        assert fuzz.faults(output) == [], (crashes, output[-20_000:])


PLANTED = [b"\x1b]0;owned\x07", b"\x1b]22;owned\x07", b"\x1b]22;default", b"\xc2\x9b31m", b"\x07", b"\x1bc", b"\x1b[6n"]


@pytest.mark.parametrize("planted", PLANTED)
def test_the_search_finds_what_was_planted(planted: bytes) -> None:
    drawn = b"\x1b[1;2H\x1b]22;pointer\x07\x1b[38;2;1;2;3mwords\x1b[0m"

    assert benchmark("tui_escapes").faults(drawn) == []
    assert benchmark("tui_escapes").faults(drawn + planted + drawn) != []
