"""TensorBoard event files: a run folder for the probe's numbers and texts, one beneath it for every learner's seed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scoper.tracking import Ending, RunInfo, Tracker


class _Sink:
    """Writers by folder; a curve per seed shows as a line of its own in one chart."""

    def __init__(self, info: RunInfo) -> None:
        self._folder = _unused(info.folder / "tensorboard" / info.name)
        self._writers: dict[str, Any] = {}
        self._params = info.params
        self.text("params", "\n".join(f"- {name}: {value}" for name, value in info.params.items()))

    @property
    def place(self) -> str:
        return str(self._folder)

    def point(self, learner: str, seed: int, steps: int, value: float) -> None:
        self._add(f"{learner}-seed-{seed + 1}", _scalar(f"return/{learner}", value), steps)

    def number(self, name: str, value: float) -> None:
        self._add("", _scalar(name, value), 0)

    def text(self, name: str, text: str) -> None:
        self._add("", _text(name, text), 0)

    def close(self, ending: Ending) -> None:
        self.text("ending", ending)
        for writer in self._writers.values():
            writer.close()

    def _add(self, run: str, summary: Any, step: int) -> None:
        from time import time

        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.summary.writer.event_file_writer import EventFileWriter

        if run not in self._writers:
            self._writers[run] = EventFileWriter(str(self._folder / run))
        self._writers[run].add_event(Event(wall_time=time(), step=step, summary=summary))


def _scalar(name: str, value: float) -> Any:
    from tensorboard.compat.proto.summary_pb2 import Summary

    return Summary(value=[Summary.Value(tag=name, simple_value=value)])


def _text(name: str, text: str) -> Any:
    from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
    from tensorboard.compat.proto.tensor_pb2 import TensorProto
    from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto

    plugin = SummaryMetadata.PluginData(plugin_name="text")
    shape = TensorShapeProto(dim=[TensorShapeProto.Dim(size=1)])
    tensor = TensorProto(dtype="DT_STRING", string_val=[text.encode()], tensor_shape=shape)
    value = Summary.Value(tag=f"{name}/text_summary", metadata=SummaryMetadata(plugin_data=plugin), tensor=tensor)
    return Summary(value=[value])


def _unused(folder: Path) -> Path:
    """`folder`, or the first numbered one beside it that does not exist: no earlier run is written into."""
    numbered = (folder.with_name(f"{folder.name}-{number}") for number in range(2, 100_000))
    return folder if not folder.exists() else next(path for path in numbered if not path.exists())


TRACKER = Tracker(
    id="tensorboard",
    summary="TensorBoard event files in a folder.",
    package="tensorboard",
    module="tensorboard",
    open=_Sink,
)
