"""Print how well the nearest real project foretells the technique of a project that is left out.

Run: python tests/benchmarks/precedents.py [--verbose]. Each of the shipped precedents is taken out in turn and looked
up among the others by its own answers: those both codings agree on, those of the interview coding, those of the blind
coding. Uniform weights stand beside weights by each signal's information about the verdict, which come from the rules.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.precedents import CodedPrecedent, Match, ranked
from scoper.reasoning.questions import gain
from scoper.services.library import Library, load_library
from scoper.services.precedents import load_precedents
from scoper.services.strict_yaml import parse, read_text, to_python

CASES = Path(__file__).parent.parent / "data" / "precedent_cases.yaml"
ANSWERS = ("agreed", "interview", "blind")
Weights = Mapping[str, Fraction] | None


@dataclass(frozen=True)
class LeftOut:
    """One precedent that was left out, and the others as they were ranked."""

    precedent: CodedPrecedent
    others: tuple[Match, ...]

    @property
    def nearest_right(self) -> bool:
        """Whether the same technique worked in the nearest other project."""
        return self.others[0].precedent.worked == self.precedent.worked

    def vote_right(self, voters: int) -> bool:
        """Whether most of the nearest `voters` projects say the same technique; a tie goes to the nearer one."""
        votes = [match.precedent.worked for match in self.others[:voters]]
        count = Counter(votes)
        return max(votes, key=lambda name: count[name]) == self.precedent.worked


def left_out(library: Library, answers: str, weights: Weights = None) -> list[LeftOut]:
    """Every precedent ranked against all the others."""
    precedents = load_precedents(library)
    found = []
    for precedent, facts in ((each, facts_of(each, answers)) for each in precedents):
        others = [other for other in precedents if other.id != precedent.id]
        found.append(LeftOut(precedent, ranked(facts, others, library.questions, weights=weights)))
    return found


def facts_of(precedent: CodedPrecedent, answers: str) -> Mapping[str, str]:
    """The known answers of a precedent: the agreed ones, or those of one coding where it was coded twice."""
    if answers == "agreed" or precedent.id not in _codings():
        return precedent.answers
    coded: dict[str, str] = _codings()[precedent.id][f"answers_{answers}"]
    return {signal: value for signal, value in coded.items() if value != "unknown"}


@cache
def _codings() -> dict[str, dict[str, Any]]:
    documents: list[dict[str, Any]] = to_python(parse(read_text(CASES), CASES.name))
    return {document["id"]: document for document in documents}


def information(library: Library) -> dict[str, Fraction]:
    """The information of each signal about the verdict, in bits, when nothing else is known."""
    nothing = Knowledge(library.pack, {})
    return {signal: Fraction(gain(nothing, signal)) for signal in library.questions}


def main() -> None:
    """Print the shares, and with --verbose each project whose nearest one used another technique."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--verbose", action="store_true")
    verbose = parser.parse_args().verbose
    library = load_library()
    for name, weights in (("uniform weights", None), ("weights by information", information(library))):
        print(name)
        for answers in ANSWERS:
            found = left_out(library, answers, weights)
            first = sum(each.nearest_right for each in found)
            votes = sum(each.vote_right(3) for each in found)
            total = len(found)
            print(f"  {answers:<10} nearest {first} of {total} ({first / total:.1%})", end="")
            print(f"   vote of 3 {votes} of {total} ({votes / total:.1%})")
            for each in (each for each in found if verbose and not each.nearest_right):
                other = each.others[0].precedent
                print(f"    {each.precedent.id}: {each.precedent.worked}; nearest {other.id}: {other.worked}")
    compared = [match.compared for each in left_out(library, "agreed") for match in each.others]
    print(f"signals compared: {min(compared)} to {max(compared)}, mean {sum(compared) / len(compared):.1f}")


if __name__ == "__main__":
    main()
