"""Same input, same bytes: everything that is written, made under several Pythons and compared.

Run: python tests/benchmarks/same_bytes.py PYTHON... [--few] [--installed] [--keep DIR]. Each PYTHON needs the base
dependencies alone; it runs the code of this checkout, or with --installed the scoper installed beside it, under a hash
seed, time zone and locale of its own. Prints how many files were made and how many differ, byte by byte, from those of
the first PYTHON; exit code 1 when any does. --few: every tenth published project, to be quick.

Made: of each example and each published project in both codings the verdict as JSON and text, the reports as Markdown
with figures, HTML, JSON and decision record; of each example also precedents, risks, methods, scaffold and each part;
the exact solution and pictures of the declarative spec; the reports of the gallery's dossiers; every word explained;
every schema; the commands' help. Nothing is trained.
"""

from __future__ import annotations

import argparse
import filecmp
import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FORMATS = ("md", "html", "json", "adr")
SURROUNDINGS = (
    {"TZ": "UTC", "LC_ALL": "C.UTF-8"},
    {"TZ": "Asia/Kathmandu", "LC_ALL": "C"},
    {"TZ": "America/St_Johns", "LC_ALL": "POSIX"},
)


def cases(folder: Path, few: bool) -> Iterator[tuple[str, Path]]:
    """Name and case file of each example and of each published project, the latter written to `folder`."""
    from scoper.services.strict_yaml import parse, read_text, to_python

    for path in sorted((ROOT / "examples").glob("*.yaml")):
        if not path.name.endswith(".mdp.yaml"):
            yield path.stem, path
    source = ROOT / "tests" / "data" / "precedent_cases.yaml"
    found = to_python(parse(read_text(source), source.name))
    for project, coding in itertools.product(found[:: 10 if few else 1], ("interview", "blind")):
        answers = {signal: value for signal, value in project[f"answers_{coding}"].items() if value is not None}
        path = folder / f"{project['id']}-{coding}.yaml"
        lines = ["scoper: 1", f"title: {project['title']!r}", "answers:"]
        path.write_text("\n".join([*lines, *(f"  {signal}: {value}" for signal, value in answers.items())]) + "\n")
        yield path.stem, path


def calls(name: str, path: Path, example: bool) -> Iterator[tuple[str, list[str]]]:
    """What is asked of one case: the file that keeps the answer, and the command line."""
    yield f"{name}.assess.json", ["assess", str(path), "--json"]
    yield f"{name}.assess.txt", ["assess", str(path)]
    if not example:
        return
    for command in ("precedents", "risks", "methods"):
        yield f"{name}.{command}.json", [command, str(path), "--json"]
        yield f"{name}.{command}.txt", [command, str(path)]
    yield f"{name}.scaffold.json", ["scaffold", str(path), "-o", f"{name}.scaffold", "--json"]


def words() -> Iterator[str]:
    """Every name that `explain` knows of the shipped rules."""
    from scoper.domain.decision import FAMILIES, TECHNIQUES
    from scoper.services.library import load_library

    library = load_library()
    yield from sorted({*TECHNIQUES, *FAMILIES, *library.questions})
    yield from sorted(rule.id for table in library.pack.tables for rule in table.rules)


def keep(file: str, argv: list[str]) -> None:
    """Write what `scoper ARGV` says, and how it ends, to `file`."""
    from tests.in_process import scoper

    ended = scoper(*argv)
    if ended.returncode == 5:
        raise SystemExit(f"{argv}: {ended.stderr}")
    Path(file).write_bytes(f"{ended.returncode}\n{ended.stdout}\n{ended.stderr}".encode())


def make(few: bool) -> None:
    """Write everything into the present folder."""
    Path("cases").mkdir()
    for name, path in cases(Path("cases"), few):
        for file, argv in calls(name, path, path.parent != Path("cases")):
            keep(file, argv)
        for form in FORMATS:
            out = f"{name}.{'adr.md' if form == 'adr' else form}"
            keep(f"{out}.said", ["report", str(path), "-o", out, "--format", form])
    spec = str(ROOT / "examples" / "warehouse_reorder.mdp.yaml")
    keep("portfolio.txt", ["portfolio", str(ROOT / "examples")])
    keep("solve.json", ["solve", spec, "--json"])
    keep("show.json", ["show", spec, "--svg", "pictures", "--json"])
    make_gallery()
    for kind in ("case", "spec", "gate", "rules"):
        keep(f"{kind}.schema.json", ["schema", kind])
    for word in words():
        keep(f"explain-{word}.json", ["explain", word, "--json"])
        keep(f"explain-{word}.txt", ["explain", word])
    keep("help.json", ["--spec"])
    keep("rules.txt", ["rules", "show"])


def make_gallery() -> None:
    """Write the reports and figures of the gallery's recorded dossiers."""
    from scoper.domain.dossier import Dossier
    from scoper.services.report_data import load_report_data
    from scoper.services.reporting import Format, figures, render

    data = load_report_data()
    one: tuple[Format, ...] = ("md", "html", "json", "adr")
    for recorded in sorted((ROOT / "reports" / "gallery").glob("*/dossier.json")):
        dossier, name = Dossier.model_validate_json(recorded.read_text(encoding="utf-8")), recorded.parent.name
        for form in one[:3] if dossier.project is not None else one:
            Path(f"gallery-{name}.{form}").write_bytes(render(dossier, form, data=data).encode())
        for drawn, text in figures(dossier, data=data).items():
            Path(f"gallery-{name}-{Path(drawn).name}").write_bytes(text.encode())


def made(python: str, number: int, folder: Path, few: bool, installed: bool) -> str:
    """Run `make` under `python` in `folder`; the version that ran."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "SCOPER", "LC_", "LANG"))}
    path = os.pathsep.join([] if installed else [str(ROOT)])
    environment = {**kept, **SURROUNDINGS[number % len(SURROUNDINGS)], "PYTHONHASHSEED": str(number + 1)}
    command = [python, str(Path(__file__).resolve()), "--make", *(["--few"] if few else [])]
    if path:
        environment["PYTHONPATH"] = path
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{python}: {done.stderr or done.stdout}")
    return done.stdout.strip()


def files(folder: Path) -> set[Path]:
    """All files below `folder`, relative to it."""
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}


def compare(folders: list[Path]) -> tuple[int, list[str]]:
    """How many files stand in any folder, and those that are not the same in all of them."""
    every = sorted(set().union(*map(files, folders)))
    first, *rest = folders
    return len(every), [str(name) for name in every if not all(same(first / name, one / name) for one in rest)]


def same(one: Path, other: Path) -> bool:
    """Whether both stand and hold the same bytes."""
    return one.is_file() and other.is_file() and filecmp.cmp(one, other, shallow=False)


def main() -> int:
    """Make everything under each Python and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("python", nargs="*", help="Python executables; two or more")
    parser.add_argument("--few", action="store_true", help="every tenth published project")
    parser.add_argument("--installed", action="store_true", help="the scoper installed beside each Python")
    parser.add_argument("--keep", type=Path, help="keep what was made in this folder")
    parser.add_argument("--make", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make:
        sys.path.append(str(ROOT))
        import scoper

        make(options.few)
        print(f"{sys.version.split()[0]} with {Path(scoper.__file__).parent}")
        return 0
    if len(options.python) < 2:
        parser.error("name two Pythons or more")
    with tempfile.TemporaryDirectory() as scratch:
        base = options.keep or Path(scratch)
        folders = [base / str(number) / "made" for number in range(len(options.python))]
        for number, (python, folder) in enumerate(zip(options.python, folders, strict=True)):
            folder.mkdir(parents=True)
            print(made(python, number, folder, options.few, options.installed), flush=True)
        count, differing = compare(folders)
    print(*differing[:20], sep="\n", end="\n" if differing else "")
    print(f"{count} files compared under {len(folders)} Pythons, {len(differing)} differ")
    return int(bool(differing))


if __name__ == "__main__":
    sys.exit(main())
