"""The first files of a project, drafted for the technique that the verdict names.

For reinforcement learning an MDP spec with a runnable environment and its test; for every other technique a small
scaffold of its own (`scoper.services.technique_scaffolds`). Drafting writes nothing; `write_draft` does, never over an
existing file unless told to, and never over one that somebody has changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from scoper.domain.decision import Verdict
from scoper.domain.mdp import EnvironmentSpec, MdpSpec
from scoper.domain.questionnaire import Case
from scoper.domain.text import one_line, shown
from scoper.errors import InputError, Problem, StorageError, UsageError
from scoper.services.files import write_atomic
from scoper.services.library import Library
from scoper.services.other_files import read_wanted
from scoper.services.schemas import lay_schema, with_schema_line
from scoper.services.seals import is_edited, sealed
from scoper.services.spec_csv import files_of
from scoper.services.specs import parse_spec
from scoper.services.strict_yaml import parse, to_python
from scoper.services.technique_scaffolds import scaffold_of
from scoper.services.template_picks import Choice, choose

LEARNS = "reinforcement_learning"
SPEC_NAME, ENV_NAME, TEST_NAME = "mdp.yaml", "env.py", "test_env.py"
UNFILLED = "spec-unfilled"


@dataclass(frozen=True)
class Draft:
    """What would be written: relative names to texts, the main file first.

    template: the template's or scaffold's id; because: one sentence on the choice. unfilled: a problem for every place
    that only the owner can fill in. runners_up: ids of templates that are nearly as near.
    """

    template: str
    because: str
    files: Mapping[str, str]
    unfilled: tuple[Problem, ...] = ()
    runners_up: tuple[str, ...] = ()


def draft(
    case: Case,
    verdict: Verdict,
    library: Library,
    *,
    template: str | None = None,
    spec: tuple[str, str] | None = None,
    spec_folder: Path | None = None,
) -> Draft:
    """The scaffold for the verdict's technique.

    `template` asks for an MDP template by id whatever the verdict. `spec` is (text, name) of the spec that the case
    brings along; it then takes the place of a template, with the CSV files that it names in `spec_folder`. Raises
    UsageError for an unknown template.
    """
    if template is None and verdict.technique != LEARNS:
        made = scaffold_of(case, verdict, library)
        first = _drafted_spec(case, library, choose(case, library)) if made.spec else None
        files = {**(first.files if first else {}), **_sealed(made.files)}
        return Draft(made.id, made.because, files, first.unfilled if first else ())
    if template is None and spec is not None:
        return draft_from_spec(*spec, because="the case names its own spec", folder=spec_folder)
    return _drafted_spec(case, library, choose(case, library, template))


def _drafted_spec(case: Case, library: Library, choice: Choice) -> Draft:
    """The template's spec under the case's name, with an environment that runs and its test."""
    text = _titled(case, library, choice)
    unfilled = _unfilled(text)
    note = _example_note(choice) if unfilled else ""
    example = _titled(case, library, choice, filled=True) if unfilled else text
    files = _sealed({SPEC_NAME: text, **_environment(example, note)})
    return Draft(choice.template.id, choice.because, files, unfilled, choice.runners_up)


def draft_from_spec(
    text: str, name: str, *, because: str = "it was generated from the spec", folder: Path | None = None
) -> Draft:
    """The spec itself with its CSV files, and for a filled-in declarative one the environment and its test.

    Raises InputError for a faulty spec; placeholders are no fault, they leave the environment out.
    """
    try:
        spec = parse_spec(text, name, folder)
    except InputError as error:
        if any(problem.code != UNFILLED for problem in error.problems):
            raise
        return Draft("own", because, _sealed({SPEC_NAME: text}), error.problems)
    if isinstance(spec, EnvironmentSpec):
        return Draft("own", f"{because}, which points at an environment that exists", _sealed({SPEC_NAME: text}))
    made = {SPEC_NAME: text, **files_of(to_python(parse(text, name)), folder), **_environment(text, "", name, folder)}
    return Draft("own", because, _sealed(made))


def environment_files(text: str, name: str, folder: Path | None = None) -> Draft:
    """Only env.py and test_env.py for a filled-in declarative spec. Raises InputError, placeholders included."""
    if isinstance(parse_spec(text, name, folder), EnvironmentSpec):
        message = "the spec points at an environment that exists; there is nothing to generate"
        raise UsageError(Problem("scaffold-environment", message, name))
    return Draft("own", "it was generated from the spec", _sealed(_environment(text, "", name, folder)))


def spare_edited(draft: Draft, directory: Path) -> tuple[Draft, tuple[Path, ...]]:
    """The draft without the files that somebody changed in `directory`, and the paths of those.

    A changed spec is what the other files then come from, as far as it is filled in. Raises InputError when it has
    other faults than lines still to be filled in.
    """
    kept = edited_files(draft, directory)
    spec = directory / SPEC_NAME
    if spec in kept:
        because = f"{SPEC_NAME} was edited and is kept as it is"
        draft = draft_from_spec(read_wanted(spec, "spec"), str(spec), because=because, folder=directory)
        kept = (spec, *(path for path in edited_files(draft, directory) if path != spec))
    return replace(
        draft, files={name: text for name, text in draft.files.items() if directory / name not in kept}
    ), kept


def redraft(draft: Draft, directory: Path) -> tuple[Path, ...]:
    """Write the draft in place of files that nobody changed; the paths of those that somebody did, which stay."""
    spared, kept = spare_edited(draft, directory)
    write_draft(spared, directory, overwrite=True)
    return kept


def edited_files(draft: Draft, directory: Path) -> tuple[Path, ...]:
    """The files in `directory` that the draft would replace if somebody had not changed them."""
    return tuple(directory / name for name, text in draft.files.items() if is_edited(directory / name, text))


def write_draft(draft: Draft, directory: Path, *, overwrite: bool = False) -> tuple[Path, ...]:
    """Write the draft's files into `directory`, which is made if need be, and return the paths written.

    With `overwrite` files are replaced as long as they are as scoper wrote them; those of `edited_files` stay. Raises
    StorageError before anything is written when a file exists and `overwrite` is not set.
    """
    present = [path for name in draft.files if (path := directory / name).exists() or path.is_symlink()]
    if present and not overwrite:
        remedy = "name another folder, or use --force: it replaces drafts that nobody changed and keeps edited ones"
        raise StorageError(
            [Problem("file-exists", "there is such a file already", str(p), remedy=remedy) for p in present]
        )
    kept = edited_files(draft, directory)
    try:
        for path in (directory, *(directory / name for name in draft.files if "/" in name)):
            (path if path == directory else path.parent).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(Problem("folder", error.strerror or str(error), str(directory))) from None
    written = {path: text for name, text in draft.files.items() if (path := directory / name) not in kept}
    for path, text in written.items():
        write_atomic(path, text, overwrite=overwrite)
    if SPEC_NAME in draft.files:
        lay_schema(directory, "spec")
    return tuple(written)


def _sealed(files: Mapping[str, str]) -> dict[str, str]:
    return {name: sealed(name, text) for name, text in files.items()}


def _titled(case: Case, library: Library, choice: Choice, *, filled: bool = False) -> str:
    """The template's spec under the case's name, below a comment that says where it comes from."""
    template = choice.template
    body = template.filled() if filled else template.spec
    lines = body.splitlines()
    number = next(i for i, line in enumerate(lines) if line.startswith("name:"))
    lines[number] = f"name: {json.dumps(_quotable(case.title), ensure_ascii=False)}"
    places = template.spec.count("TODO")
    heading = [
        f"MDP spec for the case: {_quotable(case.title)}",
        f"Case digest {case.digest()}, rules digest {library.digest}.",
        f"Drafted from the template '{template.id}' because {_quotable(choice.because, 600)}.",
        f"The template: {_quotable(template.summary)}",
        f"Its source: {_quotable(template.source)}",
        *([f"Its optimum: {_quotable(template.optimum)}"] if template.optimum else []),
        f"TODO marks what only the owner of the problem knows: {places} places. The probe refuses them, line by line.",
        "Filled in, `scoper scaffold --from mdp.yaml -o . --force` writes env.py and test_env.py from your numbers.",
    ]
    return with_schema_line("\n".join([*(f"# {line}" for line in heading), "", *lines]) + "\n", "spec")


def _quotable(text: str, most: int = 200) -> str:
    """User text on one line, without what YAML or a comment could not hold."""
    return "".join(c for c in shown(one_line(text), most) if c.isprintable())


def _unfilled(text: str) -> tuple[Problem, ...]:
    try:
        parse_spec(text, SPEC_NAME)
    except InputError as error:
        return error.problems
    return ()


def _example_note(choice: Choice) -> str:
    values = ", ".join(f"{path} = {value}" for path, value in choice.template.example.items())
    return (
        "The numbers marked TODO in mdp.yaml are examples of the template here, not yours: "
        f"{values}. Fill in mdp.yaml and generate this file again with: scoper scaffold --from mdp.yaml -o . --force"
    )


def _environment(text: str, note: str, name: str = SPEC_NAME, folder: Path | None = None) -> dict[str, str]:
    from scoper.modelling.standalone import generate_env_source, generate_test_source  # numpy, for the draws' tables

    spec = parse_spec(text, name, folder)
    if not isinstance(spec, MdpSpec):
        return {}
    return {ENV_NAME: generate_env_source(spec, note=note), TEST_NAME: generate_test_source()}
