"""What a tracker is given of a probe, by one of the test's own; what the real ones wrote, where they are installed."""

from __future__ import annotations

import importlib.util
import json
import math
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from scoper import tracking
from scoper.domain.probe import (
    CurvePoint,
    Failed,
    Finished,
    GapShare,
    ProbeResult,
    ReturnMeasured,
    ReturnSummary,
    StageChanged,
)
from scoper.errors import UsageError
from scoper.extensions import Broken
from scoper.services import tracking as exporting
from scoper.services.probing import make_plan
from scoper.services.tracking import Tracking

SPEC = "scoper_mdp: 1\nname: 'A lake / of ice'\nenvironment: {id: FrozenLake-v1}\n"
GAP = GapShare(estimate=0.9, low=0.8, high=1.0, n_seeds=2, learner="ppo", floor="random", ceiling="optimal")
RESULT = ProbeResult(spec={"name": "x"}, verdict="feasible", because="it is", criterion="mean return", gap_share=GAP)
EVENTS = (
    StageChanged(stage="learn"),
    ReturnMeasured(policy="random", summary=ReturnSummary(mean=2.0, low=1.0, high=3.0, n=9, basis="measured")),
    CurvePoint(learner="ppo", seed=0, steps=100, of_steps=200, mean_return=5.0),
    CurvePoint(learner="ppo", seed=1, steps=100, of_steps=200, mean_return=6.0),
    CurvePoint(learner="ppo", seed=0, steps=200, of_steps=200, mean_return=7.0),
    Finished(result=RESULT),
)


class Sink:
    """Notes what it is given; fails at the point after `steps` timesteps."""

    place = "here"

    def __init__(self, info, fails_at=None):
        self.info, self.fails_at = info, fails_at
        self.points, self.numbers, self.texts, self.ending = [], {}, {}, None

    def point(self, learner, seed, steps, value):
        if steps == self.fails_at:
            raise OSError("no space left")
        self.points.append((learner, seed, steps, value))

    def number(self, name, value):
        self.numbers[name] = value

    def text(self, name, text):
        self.texts[name] = text

    def close(self, ending):
        self.ending = ending


@pytest.fixture
def plan(tmp_path):
    return make_plan(SPEC, "mdp.yaml", tmp_path, budget="quick", seed=7)


@pytest.fixture
def sinks(monkeypatch):
    """Runs of the trackers `one` and `two`; `two` fails at 100 timesteps."""
    made = {}

    def opener(name, fails_at):
        def open_(info):
            made[name] = Sink(info, fails_at)
            return made[name]

        return open_

    trackers = tuple(
        tracking.Tracker(name, "A tracker.", name, "json", opener(name, at))
        for name, at in (("one", None), ("two", 100))
    )
    monkeypatch.setattr(tracking, "discover", lambda: (trackers, ()))
    return made


def run(names, plan, events=EVENTS, folder=None):
    said = []
    with Tracking(names, folder, plan, said.append) as export:
        for event in events:
            export(event)
    return said


def test_a_tracker_gets_params_curves_returns_and_the_verdict(plan, sinks, tmp_path):
    said = run(["one"], plan, folder=tmp_path)
    sink = sinks["one"]

    assert sink.points == [("ppo", 0, 100, 5.0), ("ppo", 1, 100, 6.0), ("ppo", 0, 200, 7.0)]
    assert sink.numbers["returns/random"] == 2.0
    assert (sink.numbers["returns/random/low"], sink.numbers["gap_share"]) == (1.0, 0.9)
    assert sink.texts["verdict"] == "feasible"
    assert sink.info.params["seed"] == 7
    assert sink.info.params["budget_s"] == 60.0
    assert sink.info.folder == tmp_path
    assert sink.ending == "finished"
    assert said == ["one: here"]


def test_the_name_of_a_run_is_safe_as_a_folder_and_says_which_spec_and_seed(plan, sinks):
    run(["one"], plan)

    assert sinks["one"].info.name == f"a-lake-of-ice-{plan.spec_digest[:8]}-seed7"


def test_numbers_that_are_none_are_not_handed_on(plan, sinks):
    odd = CurvePoint(learner="ppo", seed=0, steps=1, of_steps=2, mean_return=math.nan)
    wide = ReturnSummary(mean=1.0, low=-math.inf, high=math.inf, n=1, basis="measured")
    run(["one"], plan, [odd, ReturnMeasured(policy="idle", summary=wide)])

    assert sinks["one"].points == []
    assert sinks["one"].numbers == {"returns/idle": 1.0}


def test_a_tracker_that_fails_is_left_alone_with_one_sentence_and_the_others_go_on(plan, sinks):
    said = run(["one", "two"], plan)

    assert said == ["two: the export ends here, OSError: no space left", "one: here"]
    assert len(sinks["one"].points) == 3
    assert sinks["two"].ending is None


@pytest.mark.parametrize(
    ("last", "ending"), [(Failed(code="crash", message="it broke"), "failed"), (None, "cancelled")]
)
def test_a_probe_that_does_not_finish_is_no_finished_run(plan, sinks, last, ending):
    run(["one"], plan, [*EVENTS[:3], *([last] if last else [])])

    assert sinks["one"].ending == ending


def test_a_tracker_that_cannot_begin_stops_the_probe_before_it_starts(plan, monkeypatch):
    def refuse(info):
        raise PermissionError("not there")

    broken = tracking.Tracker("one", "A tracker.", "one", "json", refuse)
    monkeypatch.setattr(tracking, "discover", lambda: ((broken,), ()))

    with pytest.raises(UsageError, match="one cannot begin a run: PermissionError: not there"):
        Tracking(["one"], None, plan)


def test_every_unknown_and_every_missing_tracker_is_named_at_once(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(UsageError) as caught:
        tracking.chosen(["mlfow", "tensorboard", "wandb"])

    problems = caught.value.problems
    assert [problem.remedy for problem in problems] == [
        "did you mean 'mlflow'?",
        "pip install tensorboard",
        "pip install wandb",
    ]


def test_a_broken_tracker_plug_in_is_named_where_it_is_asked_for(monkeypatch):
    monkeypatch.setattr(tracking, "discover", lambda: ((), (Broken("theirs", "ImportError: no such library"),)))

    with pytest.raises(UsageError, match="the tracker plug-in 'theirs' cannot be used: ImportError: no such library"):
        tracking.chosen(["theirs"])


def test_every_tracker_is_a_file_named_like_it():
    files = sorted(path.stem for path in Path(tracking.__file__).parent.glob("[a-z]*.py"))

    assert [tracker.id for tracker in tracking.discover()[0]] == files == ["mlflow", "tensorboard", "wandb"]
    assert all(tracker.summary.endswith(".") for tracker in tracking.discover()[0])


def test_no_tracker_is_imported_before_it_is_opened():
    code = "import sys; from scoper.tracking import discover; discover(); import scoper.services.tracking\n"
    code += "sys.exit(repr({'mlflow', 'tensorboard', 'wandb'} & set(sys.modules) or ''))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert ended.stderr.strip() in ("", "''")


def test_the_folder_is_the_users_or_one_beside_them(plan, sinks):
    run(["one"], plan)

    assert sinks["one"].info.folder == Path(exporting.FOLDER)
    assert not sinks["one"].info.chosen


def exported(name, plan, folder):
    run([name], plan, folder=folder)


def test_tensorboard_reads_back_a_curve_for_every_seed(plan, tmp_path):
    pytest.importorskip("tensorboard", reason="tensorboard is not installed")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    exported("tensorboard", plan, tmp_path)
    exported("tensorboard", plan, tmp_path)
    (first, second) = sorted((tmp_path / "tensorboard").iterdir())
    whole, curve = EventAccumulator(str(first)), EventAccumulator(str(first / "ppo-seed-1"))
    whole.Reload()
    curve.Reload()

    assert second.name == f"{first.name}-2"
    assert [(event.step, event.value) for event in curve.Scalars("return/ppo")] == [(100, 5.0), (200, 7.0)]
    assert whole.Scalars("returns/random")[0].value == 2.0
    assert whole.Tensors("verdict/text_summary")[0].tensor_proto.string_val == [b"feasible"]


@pytest.mark.filterwarnings("ignore")
def test_mlflow_reads_back_metrics_by_timestep_from_its_sqlite_file(plan, tmp_path, monkeypatch):
    mlflow = pytest.importorskip("mlflow", reason="mlflow is not installed")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "file:./refused")
    exported("mlflow", plan, tmp_path)
    client = mlflow.MlflowClient(tracking_uri=f"sqlite:///{tmp_path / 'mlflow.db'}")
    (found,) = client.search_runs([client.get_experiment_by_name("scoper").experiment_id])
    curve = client.get_metric_history(found.info.run_id, "return/ppo/seed-1")

    assert sorted((metric.step, metric.value) for metric in curve) == [(100, 5.0), (200, 7.0)]
    assert found.data.params["seed"] == "7"
    assert (found.data.tags["verdict"], found.info.status) == ("feasible", "FINISHED")


@pytest.mark.filterwarnings("ignore")
def test_wandb_keeps_an_offline_run_with_a_step_axis_per_seed(plan, tmp_path, monkeypatch):
    pytest.importorskip("wandb", reason="wandb is not installed")
    for name in ("WANDB_MODE", "WANDB_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    exported("wandb", plan, tmp_path)
    (file,) = tmp_path.glob("wandb/offline-run-*/*.wandb")
    rows = list(wandb_rows(file))

    assert {"timesteps/ppo/seed-1": 200, "return/ppo/seed-1": 7.0}.items() <= rows[-1].items()
    assert len(rows) == 3


def wandb_rows(file):
    """The history of an offline run: a log of 32 KiB blocks, every record with a head of seven bytes."""
    from wandb.proto.wandb_internal_pb2 import Record

    content, at, parts = file.read_bytes(), 7, b""
    while at + 7 <= len(content):
        if 32768 - at % 32768 < 7:
            at += 32768 - at % 32768
            continue
        length, kind = struct.unpack("<HB", content[at + 4 : at + 7])
        parts += content[at + 7 : at + 7 + length]
        at += 7 + length
        if kind in (1, 4):  # whole, or the last part
            record, parts = Record.FromString(parts), b""
            if record.WhichOneof("record_type") == "history":
                items = record.history.item
                yield {"/".join(item.nested_key) or item.key: json.loads(item.value_json) for item in items}
