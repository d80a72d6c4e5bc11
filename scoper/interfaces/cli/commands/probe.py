"""`scoper probe SPEC|ENV_ID`: is the reward feasible, measured in a child process."""

from __future__ import annotations

import json
from pathlib import Path

import click

from scoper.domain.probe import ProbeEvent, ProbeResult
from scoper.errors import InputError, ProbeError
from scoper.interfaces import console
from scoper.interfaces.cli._probe_text import event_line, result_text
from scoper.interfaces.cli.options import Common, common_options
from scoper.interfaces.cli.targets import consent, spec_of, with_guess

_VERDICTS = ("feasible", "feasible_with_conditions", "not_shown", "infeasible", "reward_defective")


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
    text, source, folder = spec_of(target, env_args, discount)
    plan = probing.make_plan(text, source, folder, budget=budget, seed=seed, trust=common.trust, learning_steps=steps)
    plan = plan.model_copy(update={"trust": common.trust or consent(plan, common)})

    def talk(event: ProbeEvent) -> None:
        if line := event_line(event):
            console.say(line)

    try:
        result = probing.probe(plan, talk, events_path=Path(events) if events else None)
    except InputError as error:
        raise with_guess(error, target) from None
    except ProbeError as error:
        if common.json and isinstance(error.result, ProbeResult):
            console.data(json.dumps(probing.document(error.result), ensure_ascii=False))
        raise
    return _show(result, common, fail_on)


def _show(result: ProbeResult, common: Common, fail_on: str | None) -> int:
    from scoper.services import probing

    if common.json:
        console.data(json.dumps(probing.document(result), ensure_ascii=False))
    else:
        console.data(result_text(result))
    worse = _VERDICTS[_VERDICTS.index(fail_on) :] if fail_on else ()
    return 1 if result.verdict in worse else 0
