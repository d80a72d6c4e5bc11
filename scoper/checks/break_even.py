"""When automating pays: volume, minutes, errors and cost as ranges, and the volume at which it just does."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from scoper.checks import Check, Given, Param
from scoper.domain.checks import Fault, Outcome, Quantity
from scoper.domain.numbers import number

_NEVER = float("inf")


@dataclass(frozen=True)
class Money:
    """One set of numbers. Money in one currency, times in minutes, shares between 0 and 1."""

    volume: float
    minutes: float
    hourly: float
    share: float
    errors_now: float
    errors_then: float
    error_cost: float
    build: float
    running: float

    @property
    def saved_per_case(self) -> float:
        """What one case costs less on average: handling of the automated share, and errors."""
        handling = self.share * self.minutes / 60.0 * self.hourly
        return handling + self.share * (self.errors_now - self.errors_then) * self.error_cost

    @property
    def saved_per_month(self) -> float:
        """Net of what running costs."""
        return self.volume * self.saved_per_case - self.running

    @property
    def months(self) -> float:
        """Until what was built is paid back; infinite when a month saves nothing."""
        return self.build / self.saved_per_month if self.saved_per_month > 0 else _NEVER

    def volume_for(self, months: float) -> float:
        """Cases a month at which it is paid back within `months`; infinite when a case saves nothing."""
        return (self.build / months + self.running) / self.saved_per_case if self.saved_per_case > 0 else _NEVER


_FIELDS = ("volume", "minutes", "hourly", "share", "errors_now", "errors_then", "error_cost", "build", "running")


def corners(given: Given) -> tuple[Money, ...]:
    """All combinations of the ends of the ranges: every result is monotone in each number, its extremes are there."""
    ends = [sorted(set(given.values[name])) for name in _FIELDS]
    return tuple(Money(*values) for values in product(*ends))


def run(given: Given) -> Outcome:
    """Saving a month, months to pay back, and the volume that it takes, as ranges."""
    for name in ("share", "errors_now", "errors_then"):
        _check_share(name, given.values[name])
    all_ = corners(given)
    middle = Money(*(0.5 * sum(given.values[name]) for name in _FIELDS))
    goal = given.number("months")
    saved = [each.saved_per_month for each in all_]
    back = [each.months for each in all_]
    volume = [each.volume_for(goal) for each in all_]
    quantities = (
        _range("saved a month", middle.saved_per_month, saved, "", "Handling and errors saved, less running cost."),
        _range("months to pay back", middle.months, back, "months", "What was built, over what a month saves."),
        _range(f"cases a month to pay back in {goal:g} months", middle.volume_for(goal), volume, "cases", ""),
    )
    worst, best = max(back), min(back)
    if best > goal:
        headline = f"It does not pay back within {goal:g} months under any of the numbers entered."
        severity, code = "caution", "does_not_pay"
    elif worst <= goal:
        headline = f"It pays back within {goal:g} months under all of the numbers entered, at worst after {worst:.2g}."
        severity, code = "", ""
    else:
        headline = f"Whether it pays back within {goal:g} months depends on the numbers: {_telling(given, goal)}."
        severity, code = "info", "depends"
    fault = Fault(code=code, severity=severity, claim=headline.rstrip(".")) if code else None
    return Outcome(headline=headline, quantities=quantities, faults=(fault,) if fault else ())


def _check_share(name: str, ends: tuple[float, float]) -> None:
    from scoper.errors import Problem, UsageError

    if ends[1] > 1.0:
        flag = f"--{name.replace('_', '-')}"
        raise UsageError(Problem("check-option", f"{flag} {ends[1]:g} is no share", remedy="30 % is 0.3"))


def _range(name: str, value: float, ends: list[float], unit: str, words: str) -> Quantity:
    said = f"{words} At the middle of every range; the bounds over all their combinations.".strip()
    return Quantity(name=name, value=value, low=min(ends), high=max(ends), unit=unit, basis="declared", words=said)


def _telling(given: Given, goal: float) -> str:
    """The numbers whose range alone decides, all others in the middle."""
    middle = {name: 0.5 * sum(given.values[name]) for name in _FIELDS}
    telling = []
    for name in _FIELDS:
        ends = [Money(**{**middle, name: end}).months <= goal for end in given.values[name]]
        if ends[0] != ends[1]:
            telling.append(
                f"{name.replace('_', ' ')} ({number(given.values[name][0])} to {number(given.values[name][1])})"
            )
    return f"find out {', '.join(telling)}" if telling else "no single one of them decides alone"


CHECK = Check(
    id="break_even",
    technique="plain_automation",
    summary="Months until automating pays back, and the volume at which it does, from ranges that you enter.",
    question="From what volume on does automating pay?",
    inputs=(),
    params=(
        Param("volume", "range", "Cases a month.", required=True, low=0),
        Param("minutes", "range", "Minutes of work a case takes today.", required=True, low=0),
        Param("hourly", "range", "What an hour of that work costs.", required=True, low=0),
        Param("share", "range", "Share of the cases that would need no person.", required=True, low=0),
        Param("build", "range", "What building and introducing it costs.", required=True, low=0),
        Param("running", "range", "What running and keeping it up costs a month.", (0.0, 0.0), low=0),
        Param("errors_now", "range", "Share of cases that go wrong today.", (0.0, 0.0), low=0),
        Param("errors_then", "range", "Share of automated cases that go wrong then.", (0.0, 0.0), low=0),
        Param("error_cost", "range", "What one error costs.", (0.0, 0.0), low=0),
        Param("months", "number", "Within how many months it has to pay back.", 12.0, low=0, open_ends=True),
    ),
    run=run,
    formula=(
        "saved a month = volume x share x (minutes / 60 x hourly + (errors now - errors then) x error cost) - running; "
        "months = build / saved a month. Each is monotone in every number, so the bounds lie at ends of the ranges."
    ),
    source="own; payback period as in Brealey, Myers, Allen (2020), section 5-2",
    shows_not="whether the share can be automated (rule-learnability does), interest, or what is done with the time.",
    example="automation break-even --volume 2000..3000 --minutes 4..6 --hourly 45 --share 0.7..0.9 --build 30000",
)
