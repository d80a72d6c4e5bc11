"""How well `scoper scaffold` picks MDP templates: a table over written problems, and over a file of cases if given.

    python tests/benchmarks/template_picks.py [CASES.yaml] [--verbose]

The written problems (tests/data/template_cases*.yaml) say which templates would do; those of the second file were
written after the words of the templates. In a file of cases nobody says so;
there the picks are shown, and how many cases that are not for reinforcement learning a template would take, were it
asked: words alone should not make every problem look like one of ours.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import yaml

from scoper.domain.questionnaire import Answer, Case
from scoper.services.library import load_library
from scoper.services.template_picks import SKELETON, choose

DATA = Path(__file__).parent.parent / "data"
WRITTEN = {"seen while choosing words": "template_cases.yaml", "written afterwards": "template_cases_later.yaml"}


def case_of(entry: dict, answers: str = "answers") -> Case:
    given = {signal: (Answer(answer=str(value)),) for signal, value in entry.get(answers, {}).items()}
    text = entry.get("summary") or entry["description"]
    return Case(title=entry["title"], summary=text, domain=entry.get("domain"), answers=given)


def written(title: str, path: Path, verbose: bool) -> None:
    library, counts = load_library(), Counter()
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
        choice, wanted = choose(case_of(entry), library), entry["expected"]
        picked = choice.template.id
        kind = "none" if not wanted else "some"
        if picked == SKELETON:
            outcome = "right" if not wanted else "missed"
        else:
            outcome = "right" if wanted[:1] == [picked] else "second best" if picked in wanted else "wrong"
        counts[kind, outcome] += 1
        if verbose or outcome == "wrong" or outcome == "missed":
            print(f"  {outcome:11} {entry['title'][:44]:46}{picked:22}wanted {', '.join(wanted) or 'none'}")
            print(f"              {choice.because}")
    print(f"\n{title:34}{'right':>7}{'second best':>13}{'missed':>8}{'wrong':>7}")
    for kind, name in (("some", "a template fits"), ("none", "no template fits")):
        row = [counts[kind, outcome] for outcome in ("right", "second best", "missed", "wrong")]
        print(f"{name:34}{row[0]:7}{row[1]:13}{row[2]:8}{row[3]:7}")


def listed(path: Path, verbose: bool) -> None:
    library, counts = load_library(), Counter()
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
        choice = choose(case_of(entry, "answers_blind"), library)
        learns = entry["technique"] == "reinforcement_learning"
        counts[learns, choice.template.id != SKELETON] += 1
        if learns or (verbose and choice.template.id != SKELETON):
            print(f"  {'' if learns else 'not RL: '}{entry['id']:34}{choice.template.id}")
            print(f"      {choice.because}")
    for learns, name in ((True, "for reinforcement learning"), (False, "for something else")):
        taken, total = counts[learns, True], counts[learns, True] + counts[learns, False]
        print(f"{name}: {taken} of {total} cases get a template")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="?", type=Path)
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    for title, name in WRITTEN.items():
        written(title, DATA / name, arguments.verbose)
    if arguments.cases:
        listed(arguments.cases, arguments.verbose)
