"""How extensions are found: plug-ins of installed packages beside the package's own."""

from dataclasses import dataclass

import pytest

import scoper.baselines
import scoper.checks
import scoper.diagnostics
import scoper.tracking
from scoper.extensions import in_folder

ROOMS = {
    scoper.baselines: ("BASELINE", scoper.baselines.Baseline),
    scoper.checks: ("CHECK", scoper.checks.Check),
    scoper.diagnostics: ("DIAGNOSTIC", scoper.diagnostics.Diagnostic),
    scoper.tracking: ("TRACKER", scoper.tracking.Tracker),
}


@dataclass
class Point:
    """An entry point that an installed package declares."""

    name: str
    what: object = None

    def load(self):
        if self.what is None:
            raise ImportError("no such library")
        return self.what


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
def test_a_plug_in_that_cannot_be_loaded_is_named_and_the_rest_works(monkeypatch, room):
    constant, kind = ROOMS[room]
    theirs = object.__new__(kind)
    object.__setattr__(theirs, "id", "theirs")
    points = [Point("bad"), Point("odd", 3), Point("good", theirs), Point("twin", theirs)]
    asked = []
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: asked.append(group) or points)

    found, broken = room.discover()

    assert asked == [room.GROUP]
    assert found == (*in_folder(room.__name__, constant, kind), theirs)
    said = [each if isinstance(each, str) else each.sentence("one") for each in broken]
    assert ["'bad'" in said[0], "'odd'" in said[1], "'twin'" in said[2]] == [True] * len(said)
    assert said[0].endswith("cannot be used: ImportError: no such library")
    assert said[1].endswith(f"TypeError: it is a int, not a {kind.__name__}")
    assert said[2].endswith("ValueError: the id 'theirs' is taken")
