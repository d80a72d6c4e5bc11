"""What SPEC, ENV_ID or FILE.py:CLASS means for a command, and whether the user trusts the code that it names."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from scoper.domain.probe import ProbePlan
from scoper.errors import InputError, Problem, UsageError
from scoper.interfaces import console
from scoper.interfaces.cli.options import Common

_ENVIRONMENT_ID = re.compile(r"^(?:[\w.\-]+:)?(?:[\w\-]+/)?[\w.\-]+?-v\d+$")
_BARE_WORD = re.compile(r"^[\w\-]+$")
"""No ending and no folder: more likely an id without its version than a file."""


def spec_of(target: str, env_args: Sequence[str], discount: float) -> tuple[str, str, Path]:
    """Text, name and folder of the spec that `target` means."""
    from scoper.services.other_files import read_wanted
    from scoper.services.probing import environment_spec_text
    from scoper.services.spec_python import python_spec_text, python_target

    if found := python_target(target):
        return python_spec_text(*found, arguments_of(env_args), discount), target, found[0].parent
    path = Path(target)
    if path.exists() or not (_ENVIRONMENT_ID.match(target) or _BARE_WORD.match(target)):
        if env_args:
            problem = Problem("env-arg", "--env-arg belongs to an environment id, not to a spec file", target)
            raise UsageError(problem)
        return read_wanted(path, "spec"), target, path.parent
    return environment_spec_text(target, arguments_of(env_args), discount), target, Path()


def is_spec_file(target: str) -> bool:
    """Whether `target` is a spec file, which a case can name."""
    from scoper.services.spec_python import python_target

    return Path(target).is_file() and python_target(target) is None


def arguments_of(pairs: Sequence[str]) -> dict[str, Any]:
    """The values of `--env-arg KEY=VALUE`, JSON where it is JSON; raises UsageError for another form."""
    found: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.isidentifier():
            remedy = "for example --env-arg map_name=8x8"
            raise UsageError(Problem("env-arg", f"'{pair}' is not of the form key=value", remedy=remedy))
        try:
            found[key] = json.loads(value)
        except ValueError:
            found[key] = value
    return found


def consent(plan: ProbePlan, common: Common) -> bool:
    """Whether the user trusts the code that the spec names; asks on a terminal only."""
    from scoper.domain.mdp import EnvironmentSpec
    from scoper.services import trust

    sentence = trust.needs_consent(plan.spec, Path(plan.spec_dir))
    if not sentence or not isinstance(plan.spec, EnvironmentSpec):
        return not sentence
    if common.no_input or common.json or not console.can_ask():
        return False
    console.say(sentence)
    if not click.confirm("Run this code", err=True, default=False):
        return False
    trust.remember(plan.spec, Path(plan.spec_dir))
    return True


def with_guess(error: InputError, target: str) -> InputError:
    """`error`, unless `target` was only taken for an id because there is no such file, and is no id either."""
    guessed = _BARE_WORD.match(target) and not _ENVIRONMENT_ID.match(target) and not Path(target).exists()
    text = str(error)
    if not guessed or "cannot be made" not in text:
        return error
    near = re.search(r"did you mean [^?]+\?", text)
    remedy = near[0] if near else "give a spec file, or the id of a registered environment such as CartPole-v1"
    return InputError(
        Problem("bad-spec", "there is neither such a file nor such an environment id", target, remedy=remedy)
    )
