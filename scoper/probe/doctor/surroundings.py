"""What belongs to the whole process and not to the environment: does making, resetting or stepping it change any of it?

Whatever else runs in the process (the learner first of all) lives with the change. Only what alters other code's
results counts; what a library sets for itself when it is imported does not.
"""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scoper.probe.doctor.tracing import line_that_changes

if TYPE_CHECKING:
    from scoper.probe.doctor.ledger import Ledger

_STEPS = 40


@dataclass(frozen=True)
class Surroundings:
    """The settings as they were when it was made."""

    folder: str
    errors: tuple[tuple[str, str], ...]
    filters: tuple[Any, ...]
    dtype: str

    @classmethod
    def now(cls) -> Surroundings:
        """As they are."""
        torch = sys.modules.get("torch")
        dtype = str(torch.get_default_dtype()) if torch is not None else "torch.float32"
        return cls(
            _folder(),
            tuple(sorted((kind, str(reaction)) for kind, reaction in np.geterr().items())),
            tuple(warnings.filters),
            dtype,
        )

    def restore(self) -> None:
        """Make them so again."""
        if self.folder and _folder() != self.folder:
            with contextlib.suppress(OSError):
                os.chdir(self.folder)
        np.seterr(**dict(self.errors))  # type: ignore[arg-type]
        if tuple(warnings.filters) != self.filters:
            warnings.filters[:] = list(self.filters)  # type: ignore[index]
        if (torch := sys.modules.get("torch")) is not None and str(torch.get_default_dtype()) != self.dtype:
            torch.set_default_dtype(getattr(torch, self.dtype.removeprefix("torch.")))

    def changes_to(self, now: Surroundings) -> tuple[str, ...]:
        """In words, what is different `now` and alters what other code does."""
        found = []
        if now.folder != self.folder:
            found.append("the working directory")
        if now.raising() - self.raising():
            found.append("numpy's handling of floating-point errors, to an exception")
        if now.warnings_raise() and not self.warnings_raise():
            found.append("every warning to an exception")
        if now.dtype != self.dtype:
            found.append(f"torch's default dtype, to {now.dtype.removeprefix('torch.')}")
        return tuple(found)

    def raising(self) -> frozenset[str]:
        """The floating-point errors that raise."""
        return frozenset(kind for kind, reaction in self.errors if reaction in ("raise", "call"))

    def warnings_raise(self) -> bool:
        """Whether a filter turns every warning into an exception."""
        return any(f[0] == "error" and f[2] is Warning and f[1] is None and f[3] is None for f in self.filters)


def _folder() -> str:
    try:
        return str(Path.cwd())
    except OSError:
        return ""


def look_at_surroundings(make: Callable[[], Any], ledger: Ledger, seed: int, most: int) -> None:
    """Write down what the constructor, reset or some steps change for the whole process; it is put back afterwards."""
    before = ledger.surroundings
    kept: list[Any] = []

    def construct() -> None:
        kept.append(make())

    def reset() -> None:
        kept[0].action_space.seed(seed % 2**31)
        kept[0].reset(seed=seed)

    def some_steps() -> None:
        for _ in range(min(most, _STEPS)):
            _, _, terminated, truncated, _ = kept[0].step(kept[0].action_space.sample())
            if terminated or truncated:
                kept[0].reset()

    def changed() -> tuple[str, ...]:
        return before.changes_to(Surroundings.now())

    before.restore()
    try:
        for doing, call in (("the constructor", construct), ("reset", reset), ("step", some_steps)):
            with ledger.guarded(doing):
                call()
            if not (what := changed()):
                continue
            before.restore()
            with ledger.guarded(doing):
                place = line_that_changes(changed, call)
            claim = f"{doing} changes {' and '.join(what)}, for the whole process"
            ledger.add("process_changed", claim, place, doing=doing, what=list(what))
            break
    finally:
        before.restore()
        for env in kept:
            with ledger.guarded("close"):
                env.close()
