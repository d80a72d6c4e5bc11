"""What the owner says of what is wanted, beside a number for it: successes, examples, directions, and a look at traces.

Values only. They are written under `objective` in a spec; what a probe makes of them is not decided here.
"""

from __future__ import annotations

from typing import Literal

from scoper.domain.questionnaire import Value

Move = int | float | str
RULES: tuple[str, ...] = ("random", "idle")
"""Policies that a trajectory may name in every spec, beside its own baselines."""


class Success(Value):
    """A condition on a step, as an expression or a key of step's info, that makes an episode count 1, else 0.

    at: the episode counts when the condition holds at `any` of its steps, at the last one (`end`), or at `all` of them.
    An expression of states alone is about the state that the step leads to, as `terminated` is; beside actions, draws
    or `next_` a plain state is the one before the step. Of a key of info every number but 0 holds, and so does a text;
    a key that is missing does not.
    """

    expression: str | None = None
    info: str | None = None
    at: Literal["any", "end", "all"] = "any"


class Trajectory(Value):
    """An episode by its seed and its actions, or by its seed and the name of the rule that acts in it.

    actions: of every timestep a number or a word, or one for each part of the action; the episode is looked at until
    they are used up or it ends. note: why it is shown.
    """

    seed: int = 0
    actions: tuple[Move | tuple[Move, ...], ...] = ()
    rule: str | None = None
    note: str = ""


class Statement(Value):
    """Of two episodes alike in all else, the one with more (or less) of `of`, summed over its steps, is better."""

    of: str
    direction: Literal["more", "less"]


class Verification(Value):
    """Whether the owner wants what the traces of the reward's best policy show.

    by: who looked; note: what they said; shown: the digest of the traces, so that an answer on others is not taken for
    one on these.
    """

    answer: bool
    by: str = ""
    note: str = ""
    shown: str = ""


class Wanted(Value):
    """All that is said; empty when nothing is."""

    success: Success | None = None
    preferred: tuple[Trajectory, ...] = ()
    undesired: tuple[Trajectory, ...] = ()
    monotone: tuple[Statement, ...] = ()
    verified: Verification | None = None

    @property
    def says_something(self) -> bool:
        """Whether anything is said at all."""
        return self != Wanted()
