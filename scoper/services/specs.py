"""Reading a spec file: mdp.yaml in either of its two forms, or every problem it has at once.

Declarative form: an MDP written down, solved exactly. Environment form: a Gymnasium environment, which this module
never imports. What the parts of a spec mean is said in `scoper.domain.mdp`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from scoper.domain.mdp import SPEC_FORMAT, EnvironmentSpec, MdpSpec, Spec
from scoper.domain.questionnaire import digest_of
from scoper.errors import InputError
from scoper.modelling.grid import word_codes
from scoper.services.other_files import other_file, read_wanted
from scoper.services.spec_checks import check_use
from scoper.services.spec_csv import files_digest
from scoper.services.spec_environment import ENVIRONMENT_KEYS, read_environment
from scoper.services.spec_format import Sheet, Vocabulary, read_choice
from scoper.services.spec_laws import read_laws
from scoper.services.spec_objective import Names, read_objective
from scoper.services.spec_rules import read_rules
from scoper.services.spec_start import read_start
from scoper.services.spec_tables import read_tables
from scoper.services.spec_units import check_units, read_units
from scoper.services.spec_variables import check_names, read_variables
from scoper.services.strict_yaml import Node, parse, to_python

DECLARATIVE_KEYS = (
    "scoper_mdp",
    "name",
    "summary",
    "timestep",
    "discount",
    "horizon",
    "state",
    "actions",
    "exogenous",
    "next",
    "reward",
    "objective",
    "terminated",
    "start",
    "available",
    "bounds",
    "invariants",
    "observation",
    "tables",
    "units",
    "baselines",
)
NEEDED = ("scoper_mdp", "name", "discount", "state", "actions", "next", "reward", "start")

Entries = Mapping[str, tuple[Node, Node]]


def read_spec(path: Path) -> Spec:
    """The spec in the file; raises InputError with all problems, StorageError when it cannot be read."""
    return parse_spec(read_wanted(path, "spec"), str(path), path.parent)


def spec_digest(text: str, folder: Path | str | None = None) -> str:
    """Digest of a spec's content and of the CSV files that it names in `folder`.

    Comments and layout do not count as long as the text is YAML.
    """
    try:
        document = to_python(parse(text, ""))
    except InputError:
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    files = files_digest(document, None if folder is None else Path(folder))
    return digest_of([document, files] if files else document)


def parse_spec(
    text: str, source: str, folder: Path | str | None = None, *, outline: bool = False
) -> MdpSpec | EnvironmentSpec:
    """The spec in `text`; `source` names it in messages. Raises InputError with all problems in file order.

    CSV files that it names are read from `folder`, and only from there. An `outline` is good for showing only: what
    stands in such files is left out.
    """
    root = _root(text, source)
    sheet = Sheet(text, source, None if folder is None else Path(folder), outline=outline)
    entries = sheet.mapping(root, "the spec", "a mapping")
    spec = _read(sheet, entries, source) if entries else None
    if sheet.problems or spec is None:
        raise InputError(other_file(text, source, "spec") or sheet.problems)
    return spec


def _root(text: str, source: str) -> Node:
    """The tree of the text; a file of another sort is refused with the command that takes it."""
    try:
        return parse(text, source)
    except InputError:
        if other := other_file(text, source, "spec"):
            raise InputError(other) from None
        raise


def _read(sheet: Sheet, entries: Entries, source: str) -> Spec | None:
    foreign = "environment" in entries
    allowed = ENVIRONMENT_KEYS if foreign else DECLARATIVE_KEYS
    kinds = "a spec with states and actions", "a spec of an environment"
    others = [key for key in (*ENVIRONMENT_KEYS, *DECLARATIVE_KEYS) if key in entries and key not in allowed]
    for key in others:
        message = f"'{key}' is for {kinds[not foreign]}, not for {kinds[foreign]}"
        sheet.add("spec-unknown-key", message, entries[key][0], "remove it")
    entries = {key: entry for key, entry in entries.items() if key not in others}
    sheet.only(entries, allowed, "the spec")
    entries = sheet.respelled(entries, allowed)
    if "scoper_mdp" in entries:
        node = entries["scoper_mdp"][1]
        version = sheet.integer(node, "scoper_mdp")
        if version is not None and version != SPEC_FORMAT:
            sheet.add("spec-format", f"format {version} is unknown", node, f"this version reads format {SPEC_FORMAT}")
    if foreign:
        sheet.require(entries, ("scoper_mdp", "name"), "the spec", None)
        return read_environment(sheet, entries)
    sheet.require(entries, NEEDED, "the spec", None)
    return _read_declarative(sheet, entries, source)


def _read_declarative(sheet: Sheet, entries: Entries, source: str) -> MdpSpec | None:
    def group(key: str) -> Entries:
        node = entries[key][1] if key in entries else None
        return {k.text: (k, v) for k, v in node.items} if node else {}

    state = read_variables(sheet, entries["state"][1], "state") if "state" in entries else {}
    actions = read_variables(sheet, entries["actions"][1], "actions") if "actions" in entries else {}
    laws = read_laws(sheet, entries["exogenous"][1]) if "exogenous" in entries else {}
    words = word_codes({**state, **actions})
    tables = read_tables(sheet, entries["tables"][1], words) if "tables" in entries else {}
    groups = {key: group(key) for key in ("state", "actions", "exogenous", "reward", "tables")}
    check_names(sheet, groups, words)
    names = {key: tuple(groups[key]) for key in ("state", "actions", "exogenous", "reward")}
    known = Vocabulary(**names, words=words, tables=tables)
    texts: dict[str, object] = {
        **read_rules(sheet, entries, known),
        **(read_start(sheet, entries["start"][1], state, known) if "start" in entries else {}),
        **_heading(sheet, entries),
    }
    if "objective" in entries:
        named = Names(known, actions, tuple(group("baselines")))
        texts["objective"], texts["wanted"] = read_objective(sheet, entries["objective"][1], named)
    _check_end(sheet, entries, texts)
    units = read_units(sheet, entries, known)
    check_units(sheet, entries, units, known)
    if sheet.problems:
        return None
    values = {"state": state, "actions": actions, "exogenous": laws, "tables": tables, "source": source}
    spec = MdpSpec.model_validate({**texts, **values, "units": units.texts, "places": sheet.places})
    check_use(sheet, spec, groups, known)
    cautions = sorted(sheet.cautions, key=lambda problem: (problem.line, problem.column))
    return spec.model_copy(update={"cautions": tuple(problem.sentence() for problem in cautions)})


def _heading(sheet: Sheet, entries: Entries) -> dict[str, object]:
    result: dict[str, object] = {"timestep": "1 step"}
    for key in ("name", "summary", "timestep"):
        if key in entries:
            result[key] = sheet.text(entries[key][1], key)
    if "discount" in entries:
        result["discount"] = sheet.number(entries["discount"][1], "discount", low=0.0, high=1.0)
    if "horizon" in entries:
        result["horizon"] = _horizon(sheet, entries["horizon"][1])
    result["bounds"] = read_choice(sheet, entries, "bounds", ("hold", "strict"), "bounds")
    return result


def _horizon(sheet: Sheet, node: Node) -> int | None:
    if node.kind == "scalar" and node.text == "infinite":
        return None
    return sheet.integer(node, "horizon", low=1, high=1e9, expected="a number of timesteps or 'infinite'")


def _check_end(sheet: Sheet, entries: Entries, texts: Mapping[str, object]) -> None:
    """Without discount, time limit or termination nothing keeps the return finite."""
    endless = texts.get("horizon") is None and str(texts["terminated"]).strip().lower() == "false"
    if texts.get("discount") == 1.0 and endless and not sheet.problems:
        remedy = "give a horizon, a terminated expression, or a discount below 1"
        message = "with discount 1, an infinite horizon and no termination the return has no limit"
        sheet.add("spec-endless", message, entries["discount"][1], remedy)
