"""MLflow: a run of the experiment `scoper`, in a SQLite file of the chosen folder or where MLflow is set to write.

Version 3 refuses its file store, so that is never used. Its telemetry is switched off unless somebody switched it on.
"""

from __future__ import annotations

import logging
import os
from typing import Any

from scoper.tracking import Ending, RunInfo, Tracker

_EXPERIMENT = "scoper"
_BATCH = 50
_LONGEST_TAG = 5000
_STATUS = {"finished": "FINISHED", "failed": "FAILED", "cancelled": "KILLED"}


class _Sink:
    """Numbers wait until a batch is full; one write to the database costs as much for fifty as for one."""

    def __init__(self, info: RunInfo) -> None:
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        import mlflow

        for name in ("alembic", "mlflow"):
            logging.getLogger(name).setLevel(logging.WARNING)
        folder = info.folder.resolve()
        configured = mlflow.is_tracking_uri_set() and not info.chosen
        if not configured:
            folder.mkdir(parents=True, exist_ok=True)
        self.place = mlflow.get_tracking_uri() if configured else f"sqlite:///{folder / 'mlflow.db'}"
        self._client = mlflow.MlflowClient(tracking_uri=self.place)
        experiment = self._client.get_experiment_by_name(_EXPERIMENT)
        artifacts = None if configured else (folder / "mlartifacts").as_uri()
        number = experiment.experiment_id if experiment else self._client.create_experiment(_EXPERIMENT, artifacts)
        self._run = self._client.create_run(number, run_name=info.name).info.run_id
        self._waiting: list[Any] = []
        for name, value in info.params.items():
            self._client.log_param(self._run, name, value)

    def point(self, learner: str, seed: int, steps: int, value: float) -> None:
        self._add(f"return/{learner}/seed-{seed + 1}", value, steps)

    def number(self, name: str, value: float) -> None:
        self._add(name, value, 0)

    def text(self, name: str, text: str) -> None:
        self._client.set_tag(self._run, name, text[:_LONGEST_TAG])

    def close(self, ending: Ending) -> None:
        self._flush()
        self._client.set_terminated(self._run, _STATUS[ending])

    def _add(self, name: str, value: float, steps: int) -> None:
        from time import time

        from mlflow.entities import Metric

        self._waiting.append(Metric(name, value, int(time() * 1000), steps))
        if len(self._waiting) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._client.log_batch(self._run, metrics=self._waiting)
            self._waiting = []


TRACKER = Tracker(
    id="mlflow",
    summary="MLflow, in a SQLite file or where MLFLOW_TRACKING_URI points.",
    package="mlflow",
    module="mlflow",
    open=_Sink,
)
