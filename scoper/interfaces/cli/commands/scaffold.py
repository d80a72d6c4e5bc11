"""`scoper scaffold CASE -o DIR`: the first files for the technique that the verdict names."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scoper.errors import Problem, UsageError
from scoper.interfaces import console
from scoper.interfaces.cli.completing import offering, templates
from scoper.interfaces.cli.options import Common, common_options

if TYPE_CHECKING:
    from scoper.services.cases import CaseFile
    from scoper.services.library import Library
    from scoper.services.scaffolding import Draft

PLACE = ("probe", 1)


@click.command(
    "scaffold",
    short_help="Draft the MDP spec, or another technique's first files.",
    epilog="Example: scoper scaffold examples/cartpole.yaml -o drafted --template inventory",
)
@click.argument("case", required=False, type=click.Path())
@click.option("-o", "--output", metavar="DIR", type=click.Path(), help="Folder to write to.")
@click.option("--from", "spec", metavar="SPEC", type=click.Path(), help="Generate env.py and test_env.py from a spec.")
@click.option(
    "--template",
    metavar="ID",
    shell_complete=offering(templates),
    help="MDP template to use, whatever the verdict.",
)
@click.option("--list", "show", is_flag=True, help="Show the MDP templates and write nothing.")
@click.option("--force", is_flag=True, help="Replace drafts that exist; a file that was edited is kept.")
@common_options
def command(
    common: Common,
    case: str | None,
    output: str | None,
    spec: str | None,
    template: str | None,
    show: bool,
    force: bool,
) -> None:
    """Draft the first files for CASE into DIR.

    Where the verdict is reinforcement learning: mdp.yaml from the nearest template, with TODO where only you know the
    number, and env.py with test_env.py, a Gymnasium environment that runs. As long as there are TODOs it runs on the
    template's examples; fill in mdp.yaml and call this again with --force: a file that you changed is kept, and env.py
    is made from your numbers. Every other technique gets a scaffold of its own. A case with parts is drafted part by
    part, each into the folder of DIR that bears its id.
    """
    if show:
        return _list(common, [case, output, spec, template])
    if output is None:
        raise UsageError(Problem("scaffold-output", "name the folder to write to with -o DIR"))
    if (case is None) == (spec is None):
        raise UsageError(Problem("scaffold-what", "name either a CASE or a spec with --from SPEC"))
    if spec is not None and template is not None:
        raise UsageError(Problem("scaffold-what", "--template and --from cannot be used together"))
    drafts = {"": _from_spec(spec)} if spec is not None else _from_case(common, case or "", template)
    documents = [_written(name, made, Path(output, name), force) for name, made in drafts.items()]
    if common.json:
        parts = [{"part": name, **document} for name, document in zip(drafts, documents, strict=True)]
        console.data(json.dumps(documents[0] if "" in drafts else {"format": 1, "parts": parts}, ensure_ascii=False))
    else:
        console.data("\n".join(path for document in documents for path in (*document["files"], *document["kept"])))


def _written(part: str, made: Draft, folder: Path, force: bool) -> dict[str, Any]:
    """Write the draft for the case, or for its `part`, and say what it left open; returns the document about it."""
    from scoper.services.scaffolding import spare_edited, write_draft

    made, kept = spare_edited(made, folder) if force else (made, ())
    paths = write_draft(made, folder, overwrite=force)
    told = f"{f'{part}: ' if part else ''}scaffold: {made.template}, because {made.because}"
    console.say(textwrap.fill(told, 79, subsequent_indent="  "))
    for problem in made.unfilled:
        console.say(textwrap.fill(problem.sentence(), 79, initial_indent="  ", subsequent_indent="    "))
    for path in kept:
        console.say(f"kept: {path} was edited; remove it to have it drafted again")
    if made.unfilled and "env.py" in made.files and "mdp.yaml" in made.files:
        console.say("env.py runs on the template's example numbers. When mdp.yaml is filled in:")
        console.say(f"  scoper scaffold --from {folder / 'mdp.yaml'} -o {folder} --force")
    elif "mdp.yaml" in made.files and not made.unfilled:
        console.say(f"Next: scoper probe {folder / 'mdp.yaml'}   (is its reward feasible?)")
    elif "first_week.md" in made.files:
        console.say(f"Next: read {folder / 'first_week.md'}   (day by day, with the checks)")
    return {
        "format": 1,
        "template": made.template,
        "because": made.because,
        "runners_up": list(made.runners_up),
        "files": [str(path) for path in paths],
        "kept": [str(path) for path in kept],
        "unfilled": [{"line": p.line, "column": p.column, "message": p.message} for p in made.unfilled],
    }


def _from_case(common: Common, case: str, template: str | None) -> dict[str, Draft]:
    """The draft for the case under an empty name; for a case with parts one for each under its id."""
    from scoper.services.cases import in_parts, read_case
    from scoper.services.library import load_library

    library = load_library(common.rules_dir)
    file = read_case(Path(case), library.questions)
    if file.case.parts and template is not None:
        first = f"{case}#{file.case.parts[0].id}"
        raise UsageError(Problem("scaffold-what", "--template is for one part", case, remedy=f"name one: {first}"))
    return {one.part or "" if file.case.parts else "": _draft(one, library, template) for one in in_parts(file)}


def _draft(file: CaseFile, library: Library, template: str | None) -> Draft:
    from scoper.services.assembling import read_spec_file, spec_beside
    from scoper.services.scaffolding import draft
    from scoper.services.scoping import assess

    named = spec_beside(file) if template is None else None
    own = read_spec_file(named) if named else None
    spec = (own.text, own.name) if own else None
    folder = own.path.parent if own else None
    return draft(file.case, assess(file.case, library), library, template=template, spec=spec, spec_folder=folder)


def _from_spec(spec: str) -> Draft:
    from scoper.services.other_files import read_wanted
    from scoper.services.scaffolding import environment_files

    return environment_files(read_wanted(Path(spec), "spec"), spec, Path(spec).parent)


def _list(common: Common, others: list[str | None]) -> None:
    from scoper.services.library import load_library
    from scoper.services.mdp_templates import load_templates

    if any(others):
        raise UsageError(Problem("scaffold-what", "--list stands alone"))
    templates = load_templates(load_library(common.rules_dir)).values()
    if common.json:
        parts = ("id", "summary", "optimum", "source")
        items = [{part: getattr(template, part) for part in parts} for template in templates]
        console.data(json.dumps({"format": 1, "templates": items}, ensure_ascii=False))
        return
    for template in templates:
        console.data(template.id)
        console.data(textwrap.fill(template.summary, 78, initial_indent="  ", subsequent_indent="  "))
