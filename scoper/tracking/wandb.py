"""Weights & Biases: a run of the project `scoper`, offline in the chosen folder unless WANDB_MODE says otherwise."""

from __future__ import annotations

import os
from pathlib import Path

from scoper.tracking import Ending, RunInfo, Tracker

_EXIT = {"finished": 0, "failed": 1, "cancelled": 255}


class _Sink:
    """Every seed of a learner has a step axis of its own, as timesteps do not grow from one seed to the next."""

    def __init__(self, info: RunInfo) -> None:
        os.environ.setdefault("WANDB_ERROR_REPORTING", "false")
        import wandb

        mode = os.environ.get("WANDB_MODE") or "offline"
        info.folder.mkdir(parents=True, exist_ok=True)
        self._run = wandb.init(
            project=os.environ.get("WANDB_PROJECT") or "scoper",
            name=info.name,
            dir=str(info.folder.resolve()),
            config=dict(info.params),
            mode=mode,  # type: ignore[arg-type,unused-ignore]
            settings=wandb.Settings(console="off", silent=True, disable_git=True, save_code=False),
        )
        self.place = str(self._run.url if mode == "online" else Path(self._run.dir).parent)
        self._curves: set[str] = set()

    def point(self, learner: str, seed: int, steps: int, value: float) -> None:
        curve = f"{learner}/seed-{seed + 1}"
        if curve not in self._curves:
            self._curves.add(curve)
            self._run.define_metric(f"return/{curve}", step_metric=f"timesteps/{curve}")
        self._run.log({f"return/{curve}": value, f"timesteps/{curve}": steps})

    def number(self, name: str, value: float) -> None:
        self._run.summary[name] = value

    def text(self, name: str, text: str) -> None:
        self._run.summary[name] = text

    def close(self, ending: Ending) -> None:
        self._run.finish(exit_code=_EXIT[ending])


TRACKER = Tracker(
    id="wandb",
    summary="Weights & Biases, offline unless WANDB_MODE says otherwise.",
    package="wandb",
    module="wandb",
    open=_Sink,
)
