"""From an environment spec to a running environment; only the child imports this.

Nothing is imported before this is called, so whatever the environment's module does happens in the child.
"""

from __future__ import annotations

import difflib
import functools
import importlib
import importlib.util
import inspect
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.text import shown
from scoper.errors import InputError, Problem, did_you_mean, nearest
from scoper.modelling.success import succeeding

_SUGGESTED = 3
_TELLING = 2


def environment_factory(spec: EnvironmentSpec, spec_dir: Path) -> Callable[[], Any]:
    """A function that makes a new environment as the spec says, without scoper's own wrappers.

    Raises InputError when the id is not registered or the entry point does not exist.
    """
    if spec.path or spec.entry_point:
        sys.path.insert(0, str((spec_dir / (spec.path or ".")).resolve()))
    if spec.entry_point:
        target = _target(spec.entry_point, spec_dir / (spec.path or "."))
        return lambda: succeeding(_called(target, spec.kwargs), spec)
    import gymnasium

    identifier = spec.id or ""
    module, _, name = identifier.rpartition(":")
    if module:
        _module(module, spec_dir)
    _require_registered(gymnasium, name)
    return lambda: succeeding(_called(gymnasium.make, spec.kwargs, identifier, disable_env_checker=True), spec)


def _called(target: Callable[..., Any], kwargs: Mapping[str, Any], *fixed: Any, **more: Any) -> Any:
    """`target` with the spec's arguments; an argument or a value that it does not take is the spec's fault."""
    try:
        return target(*fixed, **more, **dict(kwargs))
    except (TypeError, ValueError, LookupError, AssertionError) as error:
        problem = _refused_argument(error, kwargs, lambda: _allowed(target, *fixed))
        if problem is None:
            raise
        raise InputError(problem) from None


def _allowed(target: Callable[..., Any], *fixed: Any) -> list[str]:
    """The names of the arguments that make the environment; of a registered one those of its own constructor."""
    from gymnasium.envs.registration import load_env_creator

    if fixed:
        import gymnasium

        entry = gymnasium.spec(str(fixed[0])).entry_point
        if entry is None:
            return []
        target = load_env_creator(entry) if isinstance(entry, str) else entry
    try:
        parameters = inspect.signature(target).parameters.values()
    except (TypeError, ValueError):
        return []
    return [p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]


def _takes(name: str, allowed: Sequence[str]) -> str:
    """A remedy: the nearest spelling and all names that there are."""
    if not allowed:
        return f"remove '{name}' from kwargs"
    near = nearest(name, allowed)
    listed = f"allowed: {', '.join(allowed)}"
    return f"did you mean '{near}'? {listed}" if near else listed


def _refused_argument(
    error: Exception, kwargs: Mapping[str, Any], allowed: Callable[[], Sequence[str]]
) -> Problem | None:
    """The argument that the constructor's `error` complains of: its name is not known, or its value is quoted."""
    match = re.search(r"unexpected keyword argument '(\w+)'", str(error))
    if match is not None:
        what = f"the environment takes no argument '{match[1]}'"
        return Problem("environment-kwargs", what, remedy=_takes(match[1], allowed())) if match[1] in kwargs else None
    match = re.search(r"multiple values for (?:keyword )?argument '(\w+)'", str(error))
    if match is not None and match[1] in kwargs:
        what = f"'{match[1]}' cannot be among kwargs: it is already given when the environment is made"
        return Problem("environment-kwargs", what, remedy=f"remove '{match[1]}' from kwargs")
    refused = [name for name, value in kwargs.items() if _is_quoted(name, error) or _is_quoted(value, error)]
    if not refused:
        return None
    written = " and ".join(f"{name}={shown(str(kwargs[name]))}" for name in refused)
    reason = shown(f"{type(error).__name__}: {error}", 200)
    remedy = "look up which values the environment knows"
    return Problem("environment-kwargs", f"the environment does not take {written} ({reason})", remedy=remedy)


def _is_quoted(word: Any, error: Exception) -> bool:
    """Whether the error's text holds `word`, a text long enough not to stand there by chance."""
    if not isinstance(word, str) or len(word) < _TELLING:
        return False
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", str(error)) is not None


def registered_limit(env: Any) -> int | None:
    """The time limit that the environment was registered with."""
    limit = env.spec.max_episode_steps if getattr(env, "spec", None) is not None else None
    return int(limit) if limit else None


def _require_registered(gymnasium: Any, identifier: str) -> None:
    try:
        gymnasium.spec(identifier)
    except gymnasium.error.Error as error:
        known = [name for name in gymnasium.registry if "/" not in name]
        text = str(error).splitlines()[0].partition(" Did you mean")[0] if str(error) else type(error).__name__
        remedy = _alike(identifier, known) or did_you_mean(identifier, known)
        problem = Problem("unknown-environment", f"'{identifier}' cannot be made: {text}", remedy=remedy)
        raise InputError(problem) from None


def _alike(word: str, known: Sequence[str]) -> str:
    """A remedy naming ids that are `word` but for case and version, or near that; empty when none is."""
    bare = re.sub(r"-v\d+$", "", word).casefold()
    bases = {name: re.sub(r"-v\d+$", "", name).casefold() for name in known}
    chosen = [name for name, base in bases.items() if base == bare]
    if not chosen:
        near = difflib.get_close_matches(bare, list(dict.fromkeys(bases.values())), _SUGGESTED, 0.75)
        chosen = sorted((n for n, base in bases.items() if base in near), key=lambda name: near.index(bases[name]))
    chosen = chosen or [name for name, base in bases.items() if len(bare) > 2 and bare in base]
    newest = {bases[name]: name for name in sorted(chosen, key=_version)}
    ids = [name for name in chosen if newest[bases[name]] == name][:_SUGGESTED]
    return f"did you mean {' or '.join(repr(name) for name in ids)}?" if ids else ""


def _version(name: str) -> int:
    match = re.search(r"-v(\d+)$", name)
    return int(match[1]) if match else -1


def _target(entry_point: str, folder: Path) -> Callable[..., Any]:
    module_name, _, attribute = entry_point.rpartition(":")
    if not module_name or not attribute:
        raise InputError(
            Problem("entry-point", f"'{entry_point}' is not of the form package.module:Class or file.py:Class")
        )
    module = _module_of_file(folder / module_name) if module_name.endswith(".py") else _module(module_name, folder)
    target = functools.reduce(lambda owner, name: getattr(owner, name, None), attribute.split("."), module)
    if not callable(target):
        names = [name for name, value in vars(module).items() if isinstance(value, type)]
        raise InputError(
            Problem("entry-point", f"{module_name} has no class '{attribute}'", remedy=did_you_mean(attribute, names))
        )
    return target  # type: ignore[no-any-return]


def _module(name: str, folder: Path) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and name.startswith(error.name):
            raise InputError(
                Problem("entry-point", f"there is no module '{name}' in {folder.name or '.'} or among the packages")
            ) from None
        raise


def _module_of_file(file: Path) -> Any:
    if not file.is_file():
        raise InputError(Problem("entry-point", f"there is no file {file.name} in the spec's path"))
    description = importlib.util.spec_from_file_location(file.stem, file)
    assert description is not None
    assert description.loader is not None
    module = importlib.util.module_from_spec(description)
    sys.modules[file.stem] = module
    description.loader.exec_module(module)
    return module
