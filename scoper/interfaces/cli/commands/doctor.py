"""`scoper doctor SPEC|ENV_ID`: every contract fault of an environment, beside what other checkers say."""

from __future__ import annotations

import json

import click

from scoper.domain.probe import FindingRaised, ProbeEvent, StageChanged
from scoper.errors import InputError
from scoper.interfaces import console
from scoper.interfaces.cli.doctor_text import examination_text
from scoper.interfaces.cli.options import Common, common_options
from scoper.interfaces.cli.targets import consent, spec_of, with_guess

_FAILING = {"blocker": ("unusable",), "caution": ("unusable", "usable")}

PLACE = ("probe", 5)


@click.command(
    "doctor",
    short_help="Every contract fault of an environment, with its line.",
    epilog="Example: scoper doctor CartPole-v1",
)
@click.argument("target", metavar="SPEC|ENV_ID")
@click.option(
    "--env-arg", "env_args", multiple=True, metavar="KEY=VALUE", help="An argument of the environment ENV_ID."
)
@click.option("--seed", default=0, type=click.IntRange(0, 2**31 - 1), help="Every random number depends on it.")
@click.option("--alone", is_flag=True, help="Do not ask gymnasium's and Stable-Baselines3's checkers.")
@click.option("--fail-on", type=click.Choice(list(_FAILING)), help="Exit 1 when there is a fault this bad or worse.")
@common_options
def command(common: Common, target: str, env_args: tuple[str, ...], seed: int, alone: bool, fail_on: str | None) -> int:
    """Examine the environment of SPEC, ENV_ID or FILE.py:CLASS in processes of its own, without learning anything.

    One table names every fault: what is wrong, the line of the environment's code where there is one, and whether
    gymnasium's check_env and Stable-Baselines3's say the same. A blocker ends any measurement, a caution is a
    condition to settle, an info decides nothing.
    """
    from scoper.services import examining, probing

    text, source, folder = spec_of(target, env_args, 0.99)
    plan = probing.make_plan(text, source, folder, seed=seed, trust=common.trust)
    plan = plan.model_copy(update={"trust": common.trust or consent(plan, common)})

    def talk(event: ProbeEvent) -> None:
        if isinstance(event, StageChanged):
            console.say(f"  looking at {event.detail}")
        if isinstance(event, FindingRaised):
            console.say(f"    {event.finding.code}: {event.finding.claim}")

    try:
        examination = examining.examine(plan, talk, checkers=not alone)
    except InputError as error:
        raise with_guess(error, target) from None
    if common.json:
        console.data(json.dumps(examining.document(examination), ensure_ascii=False))
    else:
        console.data(examination_text(examination))
    return 1 if fail_on and examination.soundness in _FAILING[fail_on] else 0
