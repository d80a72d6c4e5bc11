"""How episodes ended, and what they paid: never, at once, always the same."""

from __future__ import annotations

from typing import Any

from scoper.domain.findings import Severity
from scoper.probe.doctor.kinds import ASKS_FOR_ENDS
from scoper.probe.doctor.ledger import Ledger
from scoper.probe.doctor.tracing import definition

_LONG = 20_000
_SHOWS_ENDLESS = 5_000
_LATER = 1_000
_MOST_EPISODES = 400
_SEVERAL = 5


class Endings:
    """Told of every reward and every end; `limit`: timesteps of the registered time limit, None without one."""

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._lengths: list[int] = []
        self._cut: list[int] = []
        self._rewards: set[float] = set()
        self._steps = 0

    def cut(self, episode: int) -> int:
        """Timesteps after which the episode is left: the first ones may be long, to see whether they end at all."""
        if self._limit is not None:
            return self._limit + 1
        longest = max(self._lengths, default=0)
        return _LONG if episode == 1 else max(_LATER, 2 * longest)

    def reward(self, value: float | None) -> None:
        """A reward was paid."""
        self._steps += 1
        if value is not None and len(self._rewards) < 2:
            self._rewards.add(value)

    def ended(self, steps: int, *, by_itself: bool) -> None:
        """An episode is over, or was left."""
        (self._lengths if by_itself else self._cut).append(steps)

    def unfinished(self, steps: int) -> None:
        """The budget ended in the middle of an episode."""
        self._cut.append(steps)

    def enough(self) -> bool:
        """Whether more episodes would show little."""
        return len(self._lengths) >= _MOST_EPISODES

    def report(self, ledger: Ledger, definition_of: Any) -> None:
        """Write down what the ends showed."""
        place = definition(definition_of, "step") if definition_of is not None else None
        if not self._lengths and self._cut and self._limit is None:
            longest = max(self._cut)
            if self._steps >= _SHOWS_ENDLESS:
                claim = f"no episode ended in {self._steps} timesteps, the longest had {longest}"
                ledger.add("no_episode_end", claim, place, timesteps=self._steps, longest=longest)
            else:
                ledger.not_examined.append(f"{ASKS_FOR_ENDS}: only {self._steps} timesteps fitted into the time")
        if self._limit is not None and any(cut > self._limit for cut in self._cut):
            claim = f"an episode went on after its registered limit of {self._limit} timesteps"
            ledger.add("no_episode_end", claim, place, timesteps=self._steps, longest=max(self._cut))
        if len(self._lengths) >= _SEVERAL and max(self._lengths) == 1 and not self._cut:
            varied = len(self._rewards) > 1
            claim = f"every one of {len(self._lengths)} episodes ended after one timestep"
            claim += ": no action has a consequence later" if varied else ", and all paid the same"
            severity: Severity = "info" if varied else "caution"
            ledger.add("episode_of_one_step", claim, place, severity=severity, episodes=len(self._lengths))
        elif self._is_constant():
            claim = (
                f"every reward in {self._steps} timesteps was {next(iter(self._rewards)):g}, in episodes of one length"
            )
            ledger.add("constant_reward", claim, place, timesteps=self._steps)

    def _is_constant(self) -> bool:
        """One reward, not zero, and episodes that all last as long: every behaviour seen returns the same."""
        alike = len(set(self._lengths)) <= 1 and len(self._lengths) + len(self._cut) >= _SEVERAL
        return len(self._rewards) == 1 and 0.0 not in self._rewards and alike
