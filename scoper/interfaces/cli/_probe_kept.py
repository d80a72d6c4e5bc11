"""Where the result of a probe is kept beside being shown, and what is said where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scoper.domain.probe import ProbeResult
from scoper.errors import Problem, UsageError
from scoper.interfaces import console
from scoper.interfaces.cli.next_step import next_of_probe


@dataclass(frozen=True)
class Keep:
    """The file that the result is kept in, None for none; `force` replaces one that exists."""

    output: str | None
    force: bool

    def check(self, inputs: Sequence[str], others: Sequence[str | None] = ()) -> None:
        """Refuse now what could not be written after a long probe, or would replace what it is made from."""
        from scoper.services.results import require_place

        if self.output is None:
            return
        taken = {Path(name).resolve() for name in (*inputs, *others) if name is not None}
        if Path(self.output).resolve() in taken:
            message = "the result would take the place of another file of this call"
            raise UsageError(Problem("result-over-file", message, self.output, remedy="choose another name"))
        require_place(Path(self.output), overwrite=self.force)

    def announce(self) -> None:
        """Say before a probe that takes minutes that its result is not kept."""
        if self.output is None:
            console.say("The result is only shown; with -o FILE it is kept too.")

    def write(self, result: ProbeResult) -> None:
        """Write the result and say where."""
        from scoper.services.results import write_result

        if self.output is not None:
            write_result(Path(self.output), result, overwrite=self.force)
            console.say(f"result: {self.output}")

    def advise(self, spec: str, events: str | None, options: Sequence[str]) -> None:
        """The way to keep a result that was only shown; options: those that decide what is measured."""
        if self.output is None:
            console.say(next_of_probe(spec, events, options))
