"""Which value of every setting counts: the environment and the user's and the project's files, laid over each other.

Later wins: default, user file, project file, environment variable, option on the command line. SCOPER_CONFIG names a
file that is read in place of the project's, as one of your own; empty, it stands for no files at all.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scoper.errors import InputError, Problem, did_you_mean, nearest
from scoper.services.config_files import ConfigFile, Scope, find_project_file, read_config
from scoper.services.settings import SETTINGS, Plain, from_text

PREFIX, FILE_VARIABLE = "SCOPER_", "SCOPER_CONFIG"
_OTHERS = frozenset({FILE_VARIABLE, "SCOPER_DEBUG", "SCOPER_COMPLETE"})


@dataclass(frozen=True)
class Source:
    """A value of a setting and where it comes from: `kind` is default, user, project, named, environment or flag."""

    kind: str
    value: Plain | None
    place: str = ""


@dataclass(frozen=True)
class Configuration:
    """All that is configured, by key: the sources from the weakest to the one that counts, defaults left out.

    `looked_at` are the files in order, with whether they exist; `misspelled` the variables that set nothing.
    """

    sources: Mapping[str, tuple[Source, ...]]
    looked_at: tuple[tuple[Scope, Path, bool], ...]
    misspelled: tuple[tuple[str, str], ...] = ()

    def winner(self, key: str) -> Source | None:
        """What counts for a setting, None when only its default does."""
        found = self.sources.get(key, ())
        return found[-1] if found else None

    def table(self, command: str) -> dict[str, Plain | None]:
        """What counts for the settings of one command that anybody has said anything about, by option."""
        won = {key: self.winner(key) for key in self.sources if SETTINGS[key].command == command}
        return {SETTINGS[key].option: source.value for key, source in won.items() if source is not None}


def user_file() -> Path:
    """Where the user's own file lies on this platform, whether it exists or not."""
    import platformdirs  # 3 ms that --version and --help do not need

    return platformdirs.user_config_path("scoper", appauthor=False) / "config.toml"


def load(environ: Mapping[str, str] | None = None, start: Path | None = None) -> Configuration:
    """The configuration that holds in the folder `start`; raises InputError with the problems of all its parts."""
    given = os.environ if environ is None else environ
    looked_at = _files(given, start or Path())
    sources: dict[str, list[Source]] = {}
    problems: list[Problem] = []
    for scope, path, exists in looked_at:
        if not exists:
            continue
        try:
            read = read_config(path, scope, shown(path))
        except InputError as error:
            problems += error.problems
            continue
        for key, source in _of_file(read).items():
            sources.setdefault(key, []).append(source)
    for key, setting in SETTINGS.items():
        text = given.get(setting.variable, "")
        if not text.strip():
            continue
        value = from_text(setting, text)
        if value is None:
            near = nearest(text.strip(), setting.choices)
            message = f"'{_printable(text)}' is not a value of {key}, which must be {setting.expected()}"
            problems.append(Problem("config-value", message, setting.variable, remedy=_hint(near)))
        else:
            sources.setdefault(key, []).append(Source("environment", value, setting.variable))
    if problems:
        raise InputError(problems)
    return Configuration({key: tuple(found) for key, found in sources.items()}, looked_at, _misspelled(given))


def defaults(configuration: Configuration, command: str) -> dict[str, object]:
    """What a command takes for given, by the name of its parameter; `command` is as typed, with dashes."""
    found: dict[str, object] = {}
    for key in configuration.sources:
        setting, winner = SETTINGS[key], configuration.winner(key)
        if winner is not None and setting.command in ("", command.replace("-", "_")):
            found |= {setting.option: winner.value, f"{setting.option}_": winner.value}
    return found


def shown(path: Path) -> str:
    """A path as a person would write it here: from the present folder where it lies below, else whole."""
    try:
        return str(path.absolute().relative_to(Path().absolute()))
    except (ValueError, OSError):
        return str(path)


def _files(environ: Mapping[str, str], start: Path) -> tuple[tuple[Scope, Path, bool], ...]:
    named = environ.get(FILE_VARIABLE)
    if named is not None and not named.strip():
        return ()
    own = user_file()
    found: list[tuple[Scope, Path, bool]] = [("user", own, own.is_file())]
    if named is not None:
        return (*found, ("named", Path(named), True))
    project = find_project_file(start, _home())
    return (*found, ("project", project, True)) if project is not None else tuple(found)


def _home() -> Path | None:
    try:
        return Path.home()
    except RuntimeError:
        return None


def _of_file(file: ConfigFile) -> dict[str, Source]:
    name = shown(file.path)
    return {
        key: Source(file.scope, given.value, f"{name}:{given.line}:{given.column}")
        for key, given in file.settings.items()
    }


def _misspelled(environ: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    known = [setting.variable for setting in SETTINGS.values()]
    odd = sorted(n for n in environ if n.startswith(PREFIX) and n not in known and n not in _OTHERS)
    return tuple((_printable(name), _variable_hint(name, known)) for name in odd)


def _variable_hint(name: str, known: list[str]) -> str:
    if name == f"{PREFIX}TRUST":
        return "--trust is said on the command line each time"
    lowered = {variable.lower(): variable for variable in known}
    near = nearest(name.lower(), lowered)
    return _hint(lowered[near]) if near else did_you_mean(name, known[:6])


def _hint(near: str | None) -> str:
    return f"did you mean '{near}'?" if near else ""


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)[:80]
