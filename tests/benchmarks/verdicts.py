"""Print how often the rules name what worked in real, published projects, and where they do not.

Run: python tests/benchmarks/verdicts.py [--verbose]. Both codings of each case are assessed: by someone who knew the
outcome (interview) and by someone who saw title and description only (blind). A case marked arguable counts as right
when what worked is among the first two.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scoper.domain.decision import TECHNIQUES
from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.verdict import decide
from scoper.services.library import load_library
from scoper.services.strict_yaml import parse, read_text, to_python

CASES = Path(__file__).parent.parent / "data" / "precedent_cases.yaml"
CODINGS = ("interview", "blind")


@dataclass(frozen=True)
class Outcome:
    """One coding of one case against its verdict."""

    case: str
    clear: bool
    wanted: str
    named: str
    top_two: tuple[str, ...]
    families: tuple[str, ...]
    family: str | None

    @property
    def right(self) -> bool:
        """Whether the verdict named what worked."""
        return self.named == self.wanted

    @property
    def fair(self) -> bool:
        """The same, with the top two counting for arguable cases."""
        return self.right or (not self.clear and self.wanted in self.top_two)


def cases() -> list[dict[str, Any]]:
    """The labelled cases."""
    documents: list[dict[str, Any]] = to_python(parse(read_text(CASES), CASES.name))
    return documents


def outcomes(coding: str) -> list[Outcome]:
    """Every case assessed in one coding."""
    library = load_library()
    found = []
    for case in cases():
        facts = {s: v for s, v in case[f"answers_{coding}"].items() if v not in (None, "unknown")}
        verdict = decide(Knowledge(library.pack, facts), library.levers, explained=False)
        found.append(
            Outcome(
                case=case["id"],
                clear=case["ambiguity"] == "clear",
                wanted=case["technique"],
                named=verdict.technique,
                top_two=tuple(ranked.technique for ranked in verdict.ranking[:2]),
                families=(case["family"], *case["family_alternatives"]) if case["family"] else (),
                family=verdict.family_ranking[0].family if verdict.family_ranking else None,
            )
        )
    return found


def shares(found: list[Outcome]) -> dict[str, tuple[int, int]]:
    """Right of all, by measure: (right, counted)."""
    clear = [o for o in found if o.clear]
    with_family = [o for o in found if o.families and o.family]
    return {
        "technique, clear cases": (sum(o.right for o in clear), len(clear)),
        "technique, all cases (top two when arguable)": (sum(o.fair for o in found), len(found)),
        "family, where RL is named": (sum(o.family in o.families for o in with_family), len(with_family)),
    }


def main() -> None:
    """Print shares, confusion table and, with --verbose, the misses."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--verbose", action="store_true")
    verbose = parser.parse_args().verbose
    for coding in CODINGS:
        found = outcomes(coding)
        print(f"{coding} coding")
        for name, (right, counted) in shares(found).items():
            print(f"  {name:<46}{right:3d} of {counted:3d}  {right / counted:6.1%}")
        confusion = Counter((o.wanted, o.named) for o in found)
        columns = (*TECHNIQUES, "undecided")
        print("  worked / named".ljust(28) + "".join(name[:9].rjust(11) for name in columns))
        for wanted in TECHNIQUES:
            print(f"  {wanted:<26}" + "".join(f"{confusion[wanted, named]:11d}" for named in columns))
        for miss in (o for o in found if verbose and not o.right):
            print(f"  {'fair' if miss.fair else 'WRONG'}: {miss.case}: {miss.wanted} -> {miss.named}")


if __name__ == "__main__":
    main()
