"""What a rule pack is verified against, read from its folder: golden cases and declared monotonicity; and writing them.

`golden/_rest.yaml` holds the plain case; a golden case lists only the answers in which it differs from it.
`demands.yaml` is written by hand and never rewritten: what must be named for some answers, all others being unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scoper.domain.decision import FAMILIES, TECHNIQUES, UNDECIDED
from scoper.domain.questionnaire import UNKNOWN
from scoper.errors import InputError, Problem
from scoper.reasoning.golden import Suite, make_suite
from scoper.reasoning.outcome import READINESS, RL, GoldenCase, Outcome, outcome
from scoper.reasoning.pack import RulePack
from scoper.reasoning.subject import Demand, Monotone, Subject
from scoper.services.files import write_atomic
from scoper.services.guide import Guide
from scoper.services.library import Library, data_path
from scoper.services.rule_files import Reader
from scoper.services.strict_yaml import Node, parse, read_text

_DEMAND_KEYS = ("id", "answers", "technique", "because", "source")
_CASE_KEYS = ("id", "answers", "expect")
_EXPECT_KEYS = ("technique", "readiness")
_EXPECT_OPTIONAL = ("family", "conditions", "qualifiers", "surroundings", "notes")
_CLAIM_KEYS = ("id", "signal", "order", "never_lowers", "because", "source")


def read_subject(library: Library) -> Subject:
    """The library's pack with its golden cases and declarations; a folder laid over it replaces or adds files.

    Raises InputError with every problem of every file.
    """
    reader = Reader()
    files = _files(library)
    rest: dict[str, str] = {}
    if "golden/_rest.yaml" in files:
        root = _parse(reader, files.pop("golden/_rest.yaml"))
        rest = _answers(reader, reader.mapping(root, ("answers",)).get("answers"), library.pack)
    claims: tuple[Monotone, ...] = ()
    if "monotonicity.yaml" in files:
        claims = _claims(reader, _parse(reader, files.pop("monotonicity.yaml")), library.pack)
    demands: tuple[Demand, ...] = ()
    if "demands.yaml" in files:
        demands = _demands(reader, _parse(reader, files.pop("demands.yaml")), library.pack)
    plain = {**Subject(library.pack, rest=rest).space.rest}
    cases: list[GoldenCase] = []
    for name, path in files.items():
        cases += _cases(reader, _parse(reader, path), Path(name).stem, plain, library.pack)
    if reader.problems:
        raise InputError(reader.problems)
    return Subject(library.pack, tuple(cases), claims, rest, demands, Guide(library).rules())


def _files(library: Library) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for root, _ in library.roots:
        for path in (*sorted(root.glob("golden/*.yaml")), root / "monotonicity.yaml", root / "demands.yaml"):
            if path.is_file():
                found[path.relative_to(root).as_posix()] = path
    return found


def _parse(reader: Reader, path: Path) -> Node:
    reader.source = str(path)
    return parse(read_text(path), str(path))


def _answers(reader: Reader, node: Node | None, pack: RulePack) -> dict[str, str]:
    answers = {}
    for key, value in node.items if node is not None else ():
        signal = reader.choice(key, pack.questions)
        if signal in pack.questions:
            answers[signal] = reader.choice(value, [v for v in pack.questions[signal].values if v != UNKNOWN])
    return answers


def _cases(reader: Reader, root: Node, table: str, plain: Mapping[str, str], pack: RulePack) -> list[GoldenCase]:
    node = reader.mapping(root, ("cases",)).get("cases")
    cases = []
    for child in node.children if node is not None else ():
        entry = reader.mapping(child, _CASE_KEYS, ("because",))
        answers = {**plain, **_answers(reader, entry.get("answers"), pack)}
        expect = _expect(reader, entry.get("expect"))
        because = reader.text(entry.get("because")) if "because" in entry else ""
        cases.append(GoldenCase(reader.text(entry.get("id")), table, answers, expect, because))
    return cases


def _expect(reader: Reader, node: Node | None) -> Outcome:
    entry = reader.mapping(node, _EXPECT_KEYS, _EXPECT_OPTIONAL) if node is not None else {}
    sets = {name: frozenset(reader.words(entry.get(name))) for name in _EXPECT_OPTIONAL if name != "family"}
    return Outcome(
        technique=reader.choice(entry.get("technique"), (*TECHNIQUES, UNDECIDED)),
        family=reader.choice(entry.get("family"), FAMILIES) or None,
        readiness=reader.choice(entry.get("readiness"), READINESS),  # type: ignore[arg-type]
        **sets,
    )


def _claims(reader: Reader, root: Node, pack: RulePack) -> tuple[Monotone, ...]:
    node = reader.mapping(root, ("claims",)).get("claims")
    verdicts = (*TECHNIQUES, UNDECIDED, *(f"{RL}/{family}" for family in FAMILIES), "readiness")
    claims = []
    for child in node.children if node is not None else ():
        entry = reader.mapping(child, _CLAIM_KEYS)
        signal = reader.choice(entry.get("signal"), pack.questions)
        values = pack.known_values(signal) if signal in pack.questions else ()
        claims.append(
            Monotone(
                id=reader.text(entry.get("id")),
                signal=signal,
                order=reader.words(entry.get("order"), values),
                never_lowers=reader.choice(entry.get("never_lowers"), verdicts),
                because=reader.text(entry.get("because")),
                source=reader.text(entry.get("source")),
            )
        )
    return tuple(claims)


def _demands(reader: Reader, root: Node, pack: RulePack) -> tuple[Demand, ...]:
    node = reader.mapping(root, ("demands",)).get("demands")
    found = []
    for child in node.children if node is not None else ():
        entry = reader.mapping(child, _DEMAND_KEYS)
        found.append(
            Demand(
                id=reader.text(entry.get("id")),
                answers=_answers(reader, entry.get("answers"), pack),
                technique=reader.choice(entry.get("technique"), (*TECHNIQUES, UNDECIDED)),
                because=reader.text(entry.get("because")),
                source=reader.text(entry.get("source")),
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class Rewritten:
    """What writing golden cases did: the cases whose outcome moved, were dropped as idle, or are new."""

    suite: Suite
    moved: tuple[str, ...]
    dropped: tuple[str, ...]
    added: tuple[str, ...]
    folder: Path


def write_golden(library: Library, subject: Subject) -> Rewritten:
    """Bring the golden cases up to the rules: into the folder laid over the rules, else into a checkout's own.

    Cases that still notice something stay; missing ones are found. Raises InputError when scoper is installed rather
    than checked out and no folder is given.
    """
    folder = library.rules_dir or data_path("rules")
    if library.rules_dir is None and folder.parent.name == "_data":
        raise InputError(Problem("golden-place", "golden cases are written into a folder of rules", remedy="name one"))
    suite = make_suite(subject.space, subject.golden)
    before = {case.id: case for case in subject.golden}
    after = {case.id: case for case in suite.cases}
    moved = tuple(name for name, case in before.items() if name in after and case.expect != after[name].expect)
    (folder / "golden").mkdir(exist_ok=True)
    for table in subject.pack.tables:
        path = folder / "golden" / f"{table.id}.yaml"
        cases = [case for case in suite.cases if case.table == table.id]
        if cases or path.exists():
            write_atomic(path, golden_text(table.id, cases, subject), overwrite=True)
    if not (folder / "golden" / "_rest.yaml").exists():
        write_atomic(folder / "golden" / "_rest.yaml", _rest_text(subject), overwrite=False)
    dropped, added = tuple(before.keys() - after.keys()), tuple(after.keys() - before.keys())
    return Rewritten(suite, moved, tuple(sorted(dropped)), tuple(sorted(added)), folder / "golden")


def golden_text(table: str, cases: list[GoldenCase], subject: Subject) -> str:
    """Golden cases as a YAML file."""
    lines = [f"# Golden cases of the table {table}: answers that _rest.yaml does not give, and what must come of them."]
    lines.append("cases:" if cases else "cases: []")
    for case in cases:
        lines.append(f"  - id: {case.id}")
        lines.append(f"    answers: {_flow(subject.telling(case.answers))}")
        lines.append(f"    expect: {_flow(_expected(outcome(subject.pack, case.answers)))}")
        if case.because:
            lines.append(f'    because: "{case.because}"')
    return "\n".join(lines) + "\n"


def _rest_text(subject: Subject) -> str:
    head = "# The plain case: what a golden case answers where it says nothing itself.\nanswers:\n"
    return head + "".join(f"  {signal}: {value}\n" for signal, value in subject.space.rest.items())


def _expected(said: Outcome) -> dict[str, str]:
    shown = {"technique": said.technique}
    if said.family:
        shown["family"] = said.family
    shown["readiness"] = said.readiness
    for name in ("conditions", "qualifiers", "surroundings", "notes"):
        if values := sorted(getattr(said, name)):
            shown[name] = f"[{', '.join(values)}]"
    return shown


def _flow(entries: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in entries.items()) + "}"
