"""`scoper probe SPEC|ENV_ID`: is the reward feasible, measured in a child process."""

from __future__ import annotations

import json
from pathlib import Path

import click

from scoper.domain.probe import ProbeEvent, ProbePlan, ProbeResult
from scoper.errors import InputError, ProbeError, Problem, UsageError
from scoper.interfaces import console
from scoper.interfaces.cli._probe_kept import Keep
from scoper.interfaces.cli._probe_live import Teller
from scoper.interfaces.cli._probe_text import result_text
from scoper.interfaces.cli.options import Common, common_options
from scoper.interfaces.cli.targets import consent, is_spec_file, spec_of, with_guess

_VERDICTS = ("feasible", "feasible_with_conditions", "not_shown", "infeasible", "reward_defective")

PLACE = ("probe", 7)


@click.command(
    "probe",
    short_help="Feasibility of a spec or of a Gymnasium environment.",
    epilog="Example: scoper probe FrozenLake-v1 --env-arg map_name=8x8 --budget quick",
)
@click.argument("target", metavar="SPEC|ENV_ID", required=False)
@click.option(
    "--env-arg", "env_args", multiple=True, metavar="KEY=VALUE", help="An argument of the environment ENV_ID."
)
@click.option("--budget", default="standard", help="quick (1 min), standard (5 min), long (30 min), or SECONDS.")
@click.option("--seed", default=0, type=click.IntRange(0, 2**31 - 1), help="Every random number depends on it.")
@click.option("--steps", type=click.IntRange(1), help="Timesteps of learning per seed, instead of the budget's.")
@click.option("--discount", type=click.FloatRange(0.0, 1.0), default=0.99, help="Discount for ENV_ID (0.99).")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False),
    help="Keep the result in this file too, as `report` and `feedback` read it (result.json).",
)
@click.option("--force", is_flag=True, help="Replace the file of -o.")
@click.option("--events", type=click.Path(dir_okay=False), help="Write the events to this file as JSON lines.")
@click.option(
    "--replay",
    is_flag=False,
    flag_value="",
    metavar="FILE",
    help="Show such a file of events again, run nothing; SPEC, if given, is checked to be what it measured.",
)
@click.option("--speed", type=click.FloatRange(0.01), help="With --replay: this many times as fast as it was.")
@click.option(
    "--track", "trackers", multiple=True, metavar="NAME", help="Export to tensorboard, mlflow or wandb; repeatable."
)
@click.option("--track-to", type=click.Path(file_okay=False), help="Folder for --track (scoper-runs).")
@click.option(
    "--repairs",
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="Try repairs on copies, audit them again, and write those that pass to this new folder as patches.",
)
@click.option("--fail-on", type=click.Choice(_VERDICTS[1:]), help="Exit 1 when the verdict is this or a worse one.")
@common_options
def command(
    common: Common,
    target: str | None,
    env_args: tuple[str, ...],
    budget: str,
    seed: int,
    steps: int | None,
    discount: float,
    output: str | None,
    force: bool,
    events: str | None,
    replay: str | None,
    speed: float | None,
    trackers: tuple[str, ...],
    track_to: str | None,
    repairs: str | None,
    fail_on: str | None,
) -> int:
    """Solve SPEC exactly where that is possible, measure floors, learn, and say whether the reward is feasible.

    SPEC is a spec file (mdp.yaml), or an environment of your own as FILE.py or FILE.py:CLASS; ENV_ID is the id of a
    registered Gymnasium environment. Code that is named runs only with your consent (--trust), in a process of its
    own. Progress is told on stderr. The result is kept with -o only; `scoper report` and `scoper feedback` look for it
    in result.json beside SPEC. Waits for a busy processor do not count towards the budget, so that findings stay the
    same: on a busy machine a probe takes up to three times as long.
    """
    from scoper.services import probing, repairing
    from scoper.tracking import chosen

    chosen(trackers)
    keep = Keep(output, force)
    if replay is not None:
        return _replayed(replay, target, speed, events or trackers or repairs, keep, common, fail_on)
    if target is None:
        raise UsageError(
            Problem("target", "SPEC|ENV_ID is missing", remedy="a spec file, or an id such as CartPole-v1")
        )
    if speed is not None:
        raise UsageError(Problem("speed", "--speed belongs to --replay: a probe takes the time that it takes"))
    text, source, folder = spec_of(target, env_args, discount)
    plan = probing.make_plan(text, source, folder, budget=budget, seed=seed, trust=common.trust, learning_steps=steps)
    keep.check(inputs=(target,), others=(events, repairs))
    _require_new(events, repairs)
    most = 0 if repairs is None else repairing.MOST
    plan = plan.model_copy(update={"trust": common.trust or consent(plan, common), "repairs": most})
    advises = not common.json and is_spec_file(target)
    if advises:
        keep.announce()
    try:
        result = _measured(plan, events, trackers, track_to)
    except InputError as error:
        raise with_guess(error, target) from None
    except ProbeError as error:
        _keep_what_there_is(error, keep, common)
        raise
    if repairs is not None:
        paths = repairing.written(result.repairs, Path(repairs))
        for said in [f"written: {path}" for path in paths] or [repairing.why_none(result)]:
            console.say(said)
    code = _show(result, common, fail_on)
    keep.write(result)
    if advises:
        keep.advise(target, events, _options(common.trust, budget, seed, steps))
    return code


def _options(trust: bool, budget: str, seed: int, steps: int | None) -> list[str]:
    """The options of a call that decide what is measured of a spec, without those at their defaults."""
    told = {"--budget": (budget, "standard"), "--seed": (seed, 0), "--steps": (steps, None)}
    given = [word for name, (value, default) in told.items() if value != default for word in (name, str(value))]
    return [*(["--trust"] if trust else []), *given]


def _keep_what_there_is(error: ProbeError, keep: Keep, common: Common) -> None:
    """A probe that failed may have a result all the same, which says how far it came.

    Where nothing ran for want of consent, what was kept before stays.
    """
    from scoper.services import probing

    if not isinstance(error.result, ProbeResult):
        return
    if common.json:
        console.data(json.dumps(probing.document(error.result), ensure_ascii=False))
    if all(problem.code != "untrusted" for problem in error.problems):
        keep.write(error.result)


def _require_new(events: str | None, repairs: str | None) -> None:
    """Nothing that is written to exists already: said before anybody is asked for consent."""
    from scoper.services import probing, repairing

    if events is not None:
        probing.require_new_events(Path(events))
    if repairs is not None:
        repairing.require_new(Path(repairs))


def _measured(plan: ProbePlan, events: str | None, trackers: tuple[str, ...], track_to: str | None) -> ProbeResult:
    from scoper.services import probing
    from scoper.services.tracking import Tracking

    teller = Teller()
    with Tracking(trackers, Path(track_to) if track_to else None, plan, console.say) as tracking:

        def on_event(event: ProbeEvent) -> None:
            tracking(event)
            teller(event)

        try:
            return probing.probe(plan, on_event, events_path=Path(events) if events else None)
        except KeyboardInterrupt:
            kept = f"its events so far are in {events}" if events else "nothing of the probe is kept"
            raise KeyboardInterrupt(kept) from None


def _replayed(
    replay: str,
    target: str | None,
    speed: float | None,
    more: object,
    keep: Keep,
    common: Common,
    fail_on: str | None,
) -> int:
    """A recorded probe as it was shown; `scoper probe FILE --replay` names the file as the target."""
    from scoper.services import probing

    file = replay or target
    if file is None:
        raise UsageError(Problem("replay", "--replay needs the file of events", remedy="--replay probe.jsonl"))
    if more:
        raise UsageError(
            Problem("replay", "--replay runs nothing, so there is nothing for --events, --track or --repairs to write")
        )
    keep.check(inputs=(file, *([target] if target else [])))
    past = probing.replay(Path(file))
    doubts = probing.other_spec(past, *spec_of(target, (), 0.99)) if replay and target is not None else []
    for doubt in doubts:
        console.say(doubt)
    result = probing.show_again(past, Teller(), speed=speed, source=file)
    code = _show(result, common, fail_on)
    keep.write(result)
    for doubt in doubts:  # again, as a page or two stand between
        console.say(f"\n{doubt}")
    return code


def _show(result: ProbeResult, common: Common, fail_on: str | None) -> int:
    from scoper.services import probing

    if common.json:
        console.data(json.dumps(probing.document(result), ensure_ascii=False))
    else:
        console.data(result_text(result))
    worse = _VERDICTS[_VERDICTS.index(fail_on) :] if fail_on else ()
    return 1 if result.verdict in worse else 0
