"""What the terminal interface does after the interview, as lines: reasons, respondents, spec, probe, answers, report.

Commands of a running dialogue, each a word and the rest of its line. What they do stands in the interface's own steps,
so that both ways do the same; here it is only told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from scoper.errors import ScoperError
from scoper.interfaces.cli import workbench_words as say
from scoper.services.cases import CaseFile
from scoper.services.library import Library

if TYPE_CHECKING:
    from scoper.domain.probe import ProbeEvent, ProbePlan
    from scoper.interfaces.tui.session import Session, SpecDesk

Read = Callable[[str], str | None]


class Workbench:
    """The commands beyond the interview; `file` gives the case as it stands, `keep` takes it back changed."""

    def __init__(
        self,
        library: Library,
        *,
        read: Read,
        tell: Callable[[str], None],
        file: Callable[[], CaseFile],
        keep: Callable[[CaseFile], None],
        by: str | None = None,
        may_probe: bool = True,
    ) -> None:
        """`read` takes a prompt and gives a line, None at the end of the input; `tell` says one or more lines."""
        self.library, self.read, self.tell = library, read, tell
        self._file, self._keep, self._by, self._may_probe = file, keep, by or "", may_probe
        self._session: Session | None = None
        self._list: dict[str, Callable[[str], None]] = {
            "reasons": self._reasons,
            "compare": self._compare,
            "spec": self._spec,
            "problems": self._problems,
            "set": self._set,
            "insert": self._insert,
            "delete": self._delete,
            "save": self._save,
            "reread": self._reread,
            "probe": self._probe,
            "answers": self._answers,
            "accept": self._accept,
            "traces": self._traces,
            "wanted": self._wanted,
            "report": self._report,
        }

    def commands(self) -> Mapping[str, Callable[[str, str], bool]]:
        """The commands as a dialogue calls them; the question asked stays the same."""

        def called(act: Callable[[str], None]) -> Callable[[str, str], bool]:
            return lambda _, rest: self._done(act, rest)

        return {word: called(act) for word, act in self._list.items()}

    def unsaved(self) -> str:
        """What is told before leaving when lines of the spec would be lost; empty when none would."""
        return say.UNSAVED if self._session is not None and self._session.unsaved else ""

    def _done(self, act: Callable[[str], None], rest: str) -> bool:
        try:
            act(rest.strip())
        except ScoperError as error:
            for problem in error.problems:
                self.tell(f"Not done: {problem.sentence()}")
        return False

    def _now(self) -> Session:
        """The session of the case as it stands; a spec on the desk that no longer fits the answers is put away."""
        from scoper.interfaces.tui import steps
        from scoper.interfaces.tui.session import Session
        from scoper.services.scoping import interview

        file = self._file()
        if self._session is None:
            fresh = Session(self.library, file.path.parent, step="interview", file=file, by=self._by)
            self._session = replace(fresh, may_probe=self._may_probe)
        elif self._session.file is file:
            return self._session
        else:
            self._session = replace(self._session, file=file, spec=steps._still_fits(self._session.spec), verdict=None)
        self._session = replace(self._session, interview=interview(file.case, self.library))
        return self._session

    def _on(self, change: Callable[..., Session], *arguments: object) -> Session:
        """Carry out a step and hand the case back where it was changed."""
        before = self._now()
        self._session = after = change(before, *arguments)
        if after.file is not None and after.file is not before.file:
            self._keep(after.file)
        return after

    def _desk(self) -> SpecDesk:
        from scoper.interfaces.tui import spec_steps

        desk = self._on(spec_steps.enter).spec
        assert desk is not None
        return desk

    def _reasons(self, rest: str) -> None:
        from scoper.interfaces.cli.verdict_text import verdict_lines
        from scoper.services.scoping import assess

        case = self._file().case
        verdict = assess(case, self.library)
        self._all(verdict_lines(case, verdict, whole=rest.strip() == "all", more="reasons all"))
        self._all(say.why_not(verdict))

    def _compare(self, _: str) -> None:
        from scoper.services.scoping import assess

        self._all(say.compared(assess(self._file().case, self.library)))

    def _spec(self, _: str) -> None:
        desk = self._desk()
        self._all(say.spec_lines(desk))
        self._all(say.problem_lines(desk))

    def _problems(self, _: str) -> None:
        self._all(say.problem_lines(self._desk()))

    def _set(self, rest: str) -> None:
        self._edit(rest, lambda rows, at, text: [*rows[: at - 1], text, *rows[at:]], extra=0)

    def _insert(self, rest: str) -> None:
        self._edit(rest, lambda rows, at, text: [*rows[: at - 1], text, *rows[at - 1 :]], extra=1)

    def _delete(self, rest: str) -> None:
        self._edit(rest, lambda rows, at, _: [*rows[: at - 1], *rows[at:]], extra=0)

    def _edit(self, rest: str, change: Callable[[list[str], int, str], list[str]], *, extra: int) -> None:
        from scoper.interfaces.tui import spec_steps

        rows = self._desk().text.splitlines()
        number, _, text = rest.partition(" ")
        if not (number.isascii() and number.isdigit() and 1 <= int(number) <= len(rows) + extra):
            self.tell(f"Not done: a line number from 1 to {len(rows) + extra} comes first, as in: set 4 discount: 0.95")
            return
        self._on(spec_steps.type_spec, "\n".join(change(rows, int(number), text)) + "\n")
        after = self._on(spec_steps.check_spec).spec
        assert after is not None
        self._all(say.around(after, int(number)))
        self._all(say.problem_lines(after))

    def _save(self, _: str) -> None:
        from scoper.interfaces.tui import spec_steps

        self._desk()
        self.tell(self._on(spec_steps.save_spec).saved)

    def _reread(self, _: str) -> None:
        from scoper.interfaces.tui import spec_steps

        self._desk()
        self.tell(self._on(spec_steps.reread_spec).saved)
        self._problems("")

    def _probe(self, budget: str) -> None:
        from scoper.interfaces.tui import spec_steps

        if self._desk().path.suffix not in (".yaml", ".yml"):
            self.tell("Not done: there is no MDP spec to probe; spec shows what there is.")
            return
        if budget:
            from scoper.services.probing import read_budget

            read_budget(budget)
            self._session = replace(self._now(), budget=budget)
        plan = spec_steps.plan_probe(self._now())
        if self._trusted(plan):
            self._run(plan.model_copy(update={"trust": True}))

    def _trusted(self, plan: ProbePlan) -> bool:
        from scoper.interfaces.tui import spec_steps

        asked = spec_steps.consent_for(plan)
        if not asked:
            return True
        self.tell(f"{asked}. {say.TRUST}")
        if (self.read("yes or no> ") or "").strip().lower() not in ("y", "yes"):
            self.tell("Not run.")
            return False
        spec_steps.trust_code(plan)
        return True

    def _run(self, plan: ProbePlan) -> None:
        from scoper.interfaces.cli._probe_text import event_line, result_text
        from scoper.interfaces.tui import spec_steps
        from scoper.interfaces.tui.recording import events_file
        from scoper.interfaces.watching import fold
        from scoper.services.probing import probe

        self._session = spec_steps.begin_probe(self._now(), plan)
        self.tell(
            f"Probing, budget {plan.budget_s:.0f} s, longer on a busy machine. Ctrl+C ends it; what is known stays."
        )

        def on_event(event: ProbeEvent) -> None:
            session = self._now()
            if line := event_line(event, session.probe):
                self.tell(line)
            self._session = replace(session, probe=fold(session.probe, event))

        try:
            probe(plan, on_event, events_path=events_file(self._session))
        except KeyboardInterrupt:
            self.tell("Ended by Ctrl+C.")
        finally:
            self._session = spec_steps.end_probe(self._now())
        if self._session.probe.result is not None:
            self.tell(result_text(self._session.probe.result))
        self.tell(self._session.saved)

    def _answers(self, _: str) -> None:
        self._desk()
        self._all(say.offer_lines(self._offered()))

    def _accept(self, rest: str) -> None:
        from scoper.interfaces.tui import offers

        self._desk()
        offered = self._offered()
        chosen = [each for number, each in enumerate(offered, 1) if rest == "all" or str(number) in rest.split()]
        if not chosen:
            self.tell("Not done: accept takes numbers of that list, or all.")
            return
        self.tell(self._on(offers.accept, chosen).saved)

    def _offered(self) -> tuple[object, ...]:
        from scoper.interfaces.tui import offers

        return offers._found(self._now())

    def _traces(self, _: str) -> None:
        from scoper.interfaces.tui import traces

        self._desk()
        result = self._now().probe.result
        if result is None or not traces.can_be_shown(self._now()):
            self.tell("There are no traces of this spec: probe it first.")
            return
        self._all(say.trace_lines(result.traces))

    def _wanted(self, rest: str) -> None:
        from scoper.interfaces.tui import traces

        self._desk()
        word, _, note = rest.partition(" ")
        if word.lower() not in ("yes", "no") or not traces.can_be_shown(self._now()):
            self.tell("Not done: wanted takes yes or no, then a note; traces shows what it is about.")
            return
        self.tell(self._on(traces.answer, word.lower() == "yes", note.strip()).saved)

    def _report(self, name: str) -> None:
        from scoper.interfaces.tui import spec_steps

        self._desk()
        if not name:
            self.tell(self._on(spec_steps.make_report).report)
            self.tell("To save it: report NAME, the ending .md, .html or .json chooses the format.")
            return
        file = self._file()
        if not (file.path.parent / name).exists():
            self.tell(self._on(spec_steps.save_report, name).saved)
            return
        self.tell(f"{Path(name).name} exists. Replace it?")
        if (self.read("yes or no> ") or "").strip().lower() in ("y", "yes"):
            self.tell(self._on(spec_steps.save_report, name, True).saved)
        else:
            self.tell("Not saved.")

    def _all(self, lines: Iterator[str]) -> None:
        for line in lines:
            self.tell(line)
