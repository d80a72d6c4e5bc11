"""The commands that a report names: how to probe its spec, and how to make it again.

Paths are seen from the case's folder, so that the same files give the same report wherever they lie.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from scoper.domain.checks import CheckResult
from scoper.domain.dossier import Dossier
from scoper.errors import InputError
from scoper.services.checking import short_name
from scoper.services.specs import parse_spec
from scoper.services.trust import flag

_STRANGE = re.compile(r"[^\w./=+,:@# -]", re.ASCII)
_DRAFTED = "work/mdp.yaml"


def open_lines(dossier: Dossier) -> int:
    """How many lines of the spec are still to be filled in; a line with several places counts once."""
    return len({note.partition(": ")[0].rpartition(":")[0] or note for note in dossier.spec_notes})


def probe_commands(dossier: Dossier) -> list[str]:
    """From the spec (drafted first where there is none) over a probe to a report with its numbers."""
    case, spec = _case(dossier), _spec(dossier)
    lines = [] if spec else [f"scoper scaffold {_word(case)} -o {PurePosixPath(_DRAFTED).parent}"]
    spec = spec or _DRAFTED
    result = _word(str(PurePosixPath(spec).with_name("result.json")))
    return [
        *lines,
        f"scoper probe {_word(spec)}{_trust(dossier)} -o {result}{'' if dossier.result is None else ' --force'}",
        f"scoper report {_word(case)} -o report.md --spec {_word(spec)} --result {result} --force",
    ]


def again_command(dossier: Dossier) -> str:
    """What makes this report again."""
    spec = "" if _spec(dossier) in (None, dossier.case.spec) else f" --spec {_word(_spec(dossier) or '')}"
    if dossier.result is None or not dossier.result_is_current:
        return f"scoper report {_word(_case(dossier))} -o report.md{spec}"
    settings = dossier.result.provenance
    known = {flag: str(settings[flag]).removesuffix(" s") for flag in ("budget", "seed") if flag in settings}
    flags = "".join(f" --{flag} {_word(value)}" for flag, value in known.items())
    return f"scoper run {_word(_case(dossier))} -o out{spec}{flags}"


def replay_command(dossier: Dossier) -> str:
    """What runs the report's certificates again."""
    return f"scoper replay report.md {_word(_spec(dossier) or 'SPEC')}"


def trace_command(dossier: Dossier) -> str:
    """What lists every rule with whether it holds, in full."""
    return f"scoper assess {_word(_case(dossier))} --json"


def check_command(result: CheckResult) -> str:
    """What runs a kept check on its files again, without the values that were entered."""
    name = result.check.replace("_", "-")
    return " ".join(["scoper check", short_name(result.technique), name, *map(_word, result.inputs)])


def part_command(dossier: Dossier, part: str) -> str:
    """What makes the report of one part of a project."""
    return f"scoper report {_word(f'{_case(dossier)}#{part}')} -o {part}.md"


def _case(dossier: Dossier) -> str:
    return dossier.provenance.get("case_file", "CASE")


def _spec(dossier: Dossier) -> str | None:
    if dossier.spec_name is None and dossier.spec_text is None:
        return None
    return dossier.provenance.get("spec_file") or dossier.case.spec or dossier.spec_name or "SPEC"


def _trust(dossier: Dossier) -> str:
    """The flag by which the spec's own code may run; empty where it names none, or cannot be read yet."""
    try:
        return flag(parse_spec(dossier.spec_text or "", "spec", outline=True))
    except InputError:
        return ""


def _word(text: str) -> str:
    """`text` as one word of a command; what a shell could take for more than a letter becomes `?`."""
    plain = _STRANGE.sub("?", text)
    plain = f"./{plain}" if plain.startswith("-") else plain
    return f'"{plain}"' if " " in plain or "#" in plain else plain
