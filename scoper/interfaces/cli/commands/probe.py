"""`scoper probe SPEC|ENV_ID`: is the reward feasible, measured in a child process."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from scoper.domain.probe import ProbeEvent, ProbePlan, ProbeResult
from scoper.errors import InputError, ProbeError, Problem, UsageError
from scoper.interfaces import console
from scoper.interfaces.cli._probe_text import event_line, result_text
from scoper.interfaces.cli.options import Common, common_options

_VERDICTS = ("feasible", "feasible_with_conditions", "not_shown", "infeasible", "reward_defective")
_ENVIRONMENT_ID = re.compile(r"^(?:[\w.\-]+:)?(?:[\w\-]+/)?[\w.\-]+?-v\d+$")
_BARE_WORD = re.compile(r"^[\w\-]+$")
"""No ending and no folder: more likely an id without its version than a file."""


@click.command(
    "probe",
    short_help="Feasibility of a spec or of a Gymnasium environment.",
    epilog="Example: scoper probe FrozenLake-v1 --env-arg map_name=8x8 --budget quick",
)
@click.argument("target", metavar="SPEC|ENV_ID")
@click.option(
    "--env-arg", "env_args", multiple=True, metavar="KEY=VALUE", help="An argument of the environment ENV_ID."
)
@click.option("--budget", default="standard", help="quick (1 min), standard (5 min), long (30 min), or SECONDS.")
@click.option("--seed", default=0, type=click.IntRange(0, 2**31 - 1), help="Every random number depends on it.")
@click.option("--steps", type=click.IntRange(1), help="Timesteps of learning per seed, instead of the budget's.")
@click.option("--discount", type=click.FloatRange(0.0, 1.0), default=0.99, help="Discount for ENV_ID (0.99).")
@click.option("--events", type=click.Path(dir_okay=False), help="Write the events to this file as JSON lines.")
@click.option("--replay", is_flag=True, help="SPEC is such a file of events: show its result, run nothing.")
@click.option("--fail-on", type=click.Choice(_VERDICTS[1:]), help="Exit 1 when the verdict is this or a worse one.")
@common_options
def command(
    common: Common,
    target: str,
    env_args: tuple[str, ...],
    budget: str,
    seed: int,
    steps: int | None,
    discount: float,
    events: str | None,
    replay: bool,
    fail_on: str | None,
) -> int:
    """Solve SPEC exactly where that is possible, measure floors, learn, and say whether the reward is feasible.

    SPEC is a spec file (mdp.yaml); when there is no such file, ENV_ID is the id of a Gymnasium environment. Code that a
    spec names runs only with your consent (--trust), in a process of its own.
    """
    from scoper.services import probing

    if replay:
        past = probing.replay(Path(target))
        return _show(probing.result_of(past[-1] if past else None, target), common, fail_on)
    text, source, folder = _spec(target, env_args, discount)
    plan = probing.make_plan(text, source, folder, budget=budget, seed=seed, trust=common.trust, learning_steps=steps)
    plan = plan.model_copy(update={"trust": common.trust or _consent(plan, common)})

    def talk(event: ProbeEvent) -> None:
        if line := event_line(event):
            console.say(line)

    try:
        result = probing.probe(plan, talk, events_path=Path(events) if events else None)
    except InputError as error:
        raise _with_guess(error, target) from None
    except ProbeError as error:
        if common.json and isinstance(error.result, ProbeResult):
            console.data(json.dumps(probing.document(error.result), ensure_ascii=False))
        raise
    return _show(result, common, fail_on)


def _with_guess(error: InputError, target: str) -> InputError:
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


def _show(result: ProbeResult, common: Common, fail_on: str | None) -> int:
    from scoper.services import probing

    if common.json:
        console.data(json.dumps(probing.document(result), ensure_ascii=False))
    else:
        console.data(result_text(result))
    worse = _VERDICTS[_VERDICTS.index(fail_on) :] if fail_on else ()
    return 1 if result.verdict in worse else 0


def _spec(target: str, env_args: Sequence[str], discount: float) -> tuple[str, str, Path]:
    """Text, name and folder of the spec that `target` means."""
    from scoper.services.probing import environment_spec_text
    from scoper.services.strict_yaml import read_text

    path = Path(target)
    if path.exists() or not (_ENVIRONMENT_ID.match(target) or _BARE_WORD.match(target)):
        if env_args:
            problem = Problem("env-arg", "--env-arg belongs to an environment id, not to a spec file", target)
            raise UsageError(problem)
        return read_text(path), target, path.parent
    return environment_spec_text(target, _arguments(env_args), discount), target, Path()


def _arguments(pairs: Sequence[str]) -> dict[str, Any]:
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


def _consent(plan: ProbePlan, common: Common) -> bool:
    """Whether the user trusts the code that the spec names; asks on a terminal only."""
    from scoper.domain.mdp import EnvironmentSpec
    from scoper.services import trust

    sentence = trust.needs_consent(plan.spec, Path(plan.spec_dir))
    if not sentence or not isinstance(plan.spec, EnvironmentSpec):
        return not sentence
    if common.no_input or common.json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    console.say(sentence)
    if not click.confirm("Run this code", err=True, default=False):
        return False
    trust.remember(plan.spec, Path(plan.spec_dir))
    return True
