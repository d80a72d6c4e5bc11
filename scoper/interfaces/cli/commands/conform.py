"""`scoper conform SPEC --env ENV`: is a simulator what the spec says it is."""

from __future__ import annotations

import json
from pathlib import Path

import click

from scoper.domain.probe import ProbeEvent
from scoper.errors import Problem, UsageError
from scoper.interfaces import console
from scoper.interfaces.cli._probe_text import event_line
from scoper.interfaces.cli.options import Common, common_options
from scoper.interfaces.cli.targets import arguments_of, consent

PLACE = ("probe", 6)


@click.command(
    "conform",
    short_help="A foreign simulator checked against a declarative spec.",
    epilog="Example: scoper conform mdp.yaml --env simulator.store:Store --path ../simulator --map stock=inventory",
)
@click.argument("spec", type=click.Path())
@click.option("--env", "env", required=True, metavar="ENV", help="ENV_ID, package.module:Class, or a spec file.")
@click.option("--path", metavar="DIR", type=click.Path(file_okay=False), help="Folder that package.module is in.")
@click.option("--env-arg", "env_args", multiple=True, metavar="KEY=VALUE", help="An argument of the environment.")
@click.option("--map", "maps", multiple=True, metavar="NAME=OTHER", help="The simulator's name for a variable NAME.")
@click.option("--steps", default=20_000, type=click.IntRange(1, 1_000_000), help="Timesteps to take (20,000).")
@click.option("--budget", default="standard", help="quick (1 min), standard (5 min), long (30 min), or SECONDS.")
@click.option("--seed", default=0, type=click.IntRange(0, 2**31 - 1), help="Every random number depends on it.")
@common_options
def command(
    common: Common,
    spec: str,
    env: str,
    path: str | None,
    env_args: tuple[str, ...],
    maps: tuple[str, ...],
    steps: int,
    budget: str,
    seed: int,
) -> int:
    """Step the simulator ENV and test whether it does what SPEC (mdp.yaml in its declarative form) says.

    Impossible transitions, frequencies, rewards, termination and start; and whether outcomes depend on something that
    the spec's state does not hold. Exit codes: 0 no deviation was found, 1 it deviates, 2 spec and simulator cannot be
    matched, 3 the simulator crashed or is not trusted (--trust).
    """
    from scoper.services import conforming
    from scoper.services.conform_deviations import verdict
    from scoper.services.conform_words import document

    plan = conforming.make_plan(
        Path(spec),
        env,
        path=path,
        arguments=arguments_of(env_args),
        renames=_renames(maps),
        steps=steps,
        budget=budget,
        seed=seed,
        trust=common.trust,
    )
    plan = plan.model_copy(update={"trust": common.trust or consent(plan, common)})

    def talk(event: ProbeEvent) -> None:
        if line := event_line(event):
            console.say(line)

    checked = conforming.conform(plan, talk)
    if common.json:
        console.data(json.dumps(document(checked), ensure_ascii=False))
    else:
        from scoper.interfaces.cli.conform_text import conform_lines

        console.data("\n".join(conform_lines(checked)))
    return 0 if verdict(checked) == "conforms" else 1


def _renames(pairs: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, equals, other = pair.partition("=")
        if not equals or not name or not other:
            remedy = "for example --map stock=inventory"
            raise UsageError(Problem("conform-map", f"'{pair}' is not of the form name=other", remedy=remedy))
        found[name] = other
    return found
