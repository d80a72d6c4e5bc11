"""A pupil who learns when exercises are as hard as they should be, and tires; a tutor who picks the next one.

State: skill, tiredness, and the lesson's minute where an exam is at its end. Actions: easy, middling, hard, a pause.
"""

from __future__ import annotations

import math
from typing import Any

from .base import Outcome, State
from .forms import Formed


class Tutoring(Formed):
    """The owner wants skill gained.

    pay: gain, right (right answers), gap (the slip: what is still missing is paid), exam (the skill at the end),
    surprise (gain, and the logarithm of the chance of a right answer), stars (a star for every easy one, a certificate
    at the top). flat: middling ones teach best whatever the skill, and nobody tires. life: after so many pupils the
    exercise book is another, with hard and easy swapped.
    """

    actions = 4

    def __init__(
        self,
        pay: str = "gain",
        *,
        levels: int = 6,
        flat: bool = False,
        tires: float = 0.3,
        certificate: float = 20.0,
        star: float = 0.3,
        life: int = 0,
        limit: int | None = 40,
        **form: Any,
    ) -> None:
        self.pay, self.levels, self.flat, self.tires = pay, levels, flat, tires
        self.certificate, self.star, self.life, self.age = certificate, star, life, 0
        self.changes = life > 0
        clock = {"minute": (limit or 0) + 1} if pay == "exam" else {}
        self.parts = {"skill": levels, "tired": 4, **clock}
        super().__init__(limit=limit, **form)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        self.age += 1
        return super().reset(seed=seed, options=options)

    def starts(self) -> list[tuple[float, State]]:
        clock = (0,) if self.pay == "exam" else ()
        return [(0.6, (0, 0, *clock)), (0.4, (1, 0, *clock))]

    def chances(self, skill: int, tired: int, action: int) -> tuple[float, float]:
        """The chance of learning something, and of a right answer."""
        if self.life and (self.age // self.life) % 2:
            action = 2 - action
        off = action - min(skill * 3 // self.levels, 2)
        learns = {0: 0.6, 1: 0.2}.get(off, 0.03) if not self.flat else (0.1, 0.5, 0.2)[action]
        right = {0: 0.7, 1: 0.3, 2: 0.0}.get(off, 0.95)
        return learns * max(0.0, 1.0 - self.tires * tired * (not self.flat)), right

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        skill, tired, *clock = state
        last = bool(clock) and clock[0] == (self.limit or 0) - 1
        later = (min(clock[0] + 1, self.limit or 0),) if clock else ()
        if action == 3:
            found = [(1.0, skill, 0, 0.0, 1.0)]
        else:
            learns, right = self.chances(skill, tired, action)
            found = [
                (p * q, min(skill + up, self.levels - 1), min(tired + 1, 3), ok, right)
                for p, up in ((learns, 1), (1 - learns, 0))
                for q, ok in ((right, 1.0), (1 - right, 0.0))
            ]
        return [
            Outcome(p, (s, t, *later), self._terms(skill, s, action, ok, right, last), float(s - skill))
            for p, s, t, ok, right in found
            if p > 0
        ]

    def _terms(self, before: int, after: int, action: int, ok: float, right: float, last: bool) -> dict[str, float]:
        gain = float(after - before)
        if self.pay == "right":
            return {"right_answers": ok}
        if self.pay == "gap":
            return {"gap": (self.levels - 1 - after) / self.levels}
        if self.pay == "missing":
            return {"gap": -(self.levels - 1 - after) / self.levels}
        if self.pay == "exam":
            return {"exam": float(after) * last}
        if self.pay == "stars":
            done = after == self.levels - 1 and before < after
            return {"star": self.star * (action == 0), "certificate": self.certificate * done}
        if self.pay == "surprise":
            return {"gain": gain, "information": 0.05 * (math.log(right) if right else -math.inf)}
        return {"gain": gain}


class Lesson(Formed):
    """A pupil who follows pictures, words or sounds, as a test at the start has shown; the right way teaches a page.

    keeps: whether the test's result stays in view. State: the result in view (0 none), the kind of pupil, last page.
    """

    actions = 3

    def __init__(self, *, keeps: bool = False, wrong: float = 0.0, forgets: float = 0.0, **form: Any) -> None:
        self.keeps, self.wrong, self.forgets = keeps, wrong, forgets
        self.parts = {"result": 4, "kind": 3, "page": 2}
        super().__init__(**{"hide": ["kind"], **form})

    def starts(self) -> list[tuple[float, State]]:
        return [(1 / 3, (kind + 1, kind, 0)) for kind in range(3)]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        result, kind, _ = state
        taught = 0.9 if action == kind else 0.05
        seen = result if self.keeps else 0
        return [
            Outcome(taught, (seen, kind, 1), {"page": 1.0}, 1.0),
            Outcome(1 - taught, (seen, kind, 0), {"page": -self.wrong}, 0.0),
        ]
