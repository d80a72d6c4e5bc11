"""A ward with a few beds: patients wait, lie ill, are ready to go; they may be sent home too early, or to a corridor.

State: waiting, ill in bed, ready in bed, on the corridor. Actions: nothing, admit, send home one who is ready, send
home one who is not, take one from the list to the corridor, close the ward. Too early a discharge comes back often.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .base import Outcome, State
from .forms import Formed


class Ward(Formed):
    """The owner wants patients healed, nobody harmed, short lists (the corridor is a list too, and a worse one).

    pay: healed (the owner's), discharges (any), listed (the waiting list alone), beds (occupied beds), stay
    (discharges per occupied bed), admissions (and discharges, of the same patient as often as he comes), pressure
    (the logarithm of the share of free beds). closing: whether the ward can be closed for
    good, and fine: what that costs.
    """

    actions = 6

    def __init__(
        self,
        pay: str = "healed",
        *,
        beds: int = 3,
        arrive: float = 0.45,
        heals: float = 0.4,
        back: float = 0.6,
        wait: float = 0.1,
        closing: bool = False,
        fine: float = 0.0,
        **form: Any,
    ) -> None:
        self.pay, self.beds, self.arrive, self.heals, self.back = pay, beds, arrive, heals, back
        self.wait, self.closing, self.fine = wait, closing, fine
        self.parts = {"waiting": 5, "ill": beds + 1, "ready": beds + 1, "corridor": 3}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(0.5, (2, 1, 0, 0)), (0.5, (1, 1, 1, 0))]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        waiting, ill, ready, corridor = state
        if action == 5 and self.closing:
            return [Outcome(1.0, state, {"closed": -self.fine}, -self.fine, True)]
        admitted = sent = healed = 0
        if action == 1 and ill + ready < self.beds and waiting + corridor:
            corridor, waiting = (corridor - 1, waiting) if not waiting else (corridor, waiting - 1)
            ill, admitted = ill + 1, 1
        elif action == 2 and ready:
            ready, healed = ready - 1, 1
        elif action == 3 and ill:
            ill, sent = ill - 1, 1
        elif action == 4 and waiting and corridor < 2:
            waiting, corridor = waiting - 1, corridor + 1
        wanted = healed - 2.0 * sent - self.wait * waiting - 3.0 * self.wait * corridor
        terms = self._terms(waiting, ill + ready, corridor, admitted, healed, sent)
        found = []
        for p, back in ((self.back, 1), (1 - self.back, 0)) if sent else ((1.0, 0),):
            for q, better in ((self.heals, 1), (1 - self.heals, 0)) if ill else ((1.0, 0),):
                for r, new in ((self.arrive, 1), (1 - self.arrive, 0)):
                    after = (min(waiting + back + new, 4), ill - better, ready + better, corridor)
                    found.append(Outcome(p * q * r, after, terms, wanted))
        return found

    def _terms(self, waiting: int, occupied: int, corridor: int, admitted: int, healed: int, sent: int) -> Any:
        lists = -self.wait * waiting
        if self.pay == "healed":
            return {
                "healed": 1.0 * healed,
                "harm": -2.0 * sent,
                "waiting": lists,
                "corridor": -3.0 * self.wait * corridor,
            }
        if self.pay == "listed":
            return {"healed": 1.0 * healed, "harm": -2.0 * sent, "waiting": 4.0 * lists}
        if self.pay == "discharges":
            return {"discharged": 1.0 * (healed + sent), "waiting": lists}
        if self.pay == "admissions":
            return {"admitted": 1.0 * admitted, "discharged": 1.0 * (healed + sent), "waiting": lists}
        if self.pay == "beds":
            return {"occupied": occupied / self.beds}
        if self.pay == "stay":
            return {"turnover": (healed + sent) / (occupied + healed + sent) if healed + sent else 0.0}
        if self.pay == "queue":
            return {"waiting": 5.0 * lists, "beds": -0.2 * occupied}
        with np.errstate(divide="ignore"):
            slack = float(np.log((self.beds - occupied) / self.beds))
        return {"healed": 1.0 * healed, "harm": -2.0 * sent, "waiting": lists, "pressure": 0.1 * slack}
