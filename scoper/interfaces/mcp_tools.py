"""What the MCP server's tools do: the services behind the commands, with plain documents as results.

Reading only, but for `probe`, which the server offers only when it was started so. A case or spec is given as the path
of a file or as its text. Errors are those of the command line.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from scoper.domain.questionnaire import Case
from scoper.errors import InputError, ProbeError, Problem, UsageError
from scoper.interfaces.mcp_files import Fence
from scoper.services.cases import CaseFile
from scoper.services.library import Library
from scoper.services.report_data import ReportData

PathArgument = Annotated[str, Field(description="Path of the file, from the server's folder.")]
CasePath = Annotated[str | None, Field(description="Path of a case file; or give `text`.")]
CaseText = Annotated[str | None, Field(description="A whole case file as YAML text; or give `path`.")]
PartName = Annotated[str | None, Field(description="Id of one part of a project, to look at it as a case of its own.")]
Budget = Annotated[str, Field(description="quick (1 min), standard (5 min), long (30 min), or seconds.")]
_TEXT = "text"


class Fault(BaseModel):
    """One problem of a file; line and column from 1, 0 for the whole file."""

    code: str
    message: str
    line: int
    column: int
    remedy: str


class Lint(BaseModel):
    """What is wrong with a file: `ok` means that scoper takes it."""

    ok: bool
    kind: Literal["case", "spec", "rule pack"]
    problems: list[Fault]
    cautions: list[str] = []


class NextQuestion(BaseModel):
    """Where an interview stands, and the question to ask next; without one, nothing open can change anything."""

    technique: str
    certain: bool
    final: bool
    question: dict[str, Any] | None
    gain: float | None
    answered: list[str]
    open: list[str]
    skipped: list[str]


class Report(BaseModel):
    """A report's text and its format."""

    format: str
    text: str


@dataclass(frozen=True)
class Tools:
    """The tools, over one library of rules and one fence of folders. `trust`: specs may name code to run."""

    library: Library
    data: ReportData
    fence: Fence
    rules_dir: Path | None = None
    trust: bool = False
    probing: threading.Lock = field(default_factory=threading.Lock)

    def assess(self, path: CasePath = None, text: CaseText = None, part: PartName = None) -> dict[str, Any]:
        """The verdict of a case: technique, readiness, reasons, flips, why not the others; as `assess --json`."""
        from scoper.services.approach import approach_of, with_approach
        from scoper.services.project import as_document, project_of
        from scoper.services.scoping import assess

        case = self._case(path, text, part).case
        project = project_of(case, self.library)
        verdict = assess(case, self.library)
        return {
            "format": 1,
            "case": {"title": case.title, "digest": case.digest()},
            "rules_digest": self.library.digest,
            "verdict": with_approach(verdict, approach_of(case, self.library, verdict, with_risks=False)),
            **({"project": as_document(project)} if project else {}),
        }

    def explain(
        self,
        name: Annotated[str, Field(description="Id of a signal, technique, family, rule or table, or a term.")],
        path: CasePath = None,
        text: CaseText = None,
        part: PartName = None,
    ) -> dict[str, Any]:
        """What a name means; with a case, also its part in the verdict: answer, reasons, flips, why not."""
        from scoper.services.explaining import explain
        from scoper.services.scoping import assess

        case: Case | None = self._one(path, text, part).case if path or text else None
        return explain(name, self.library, self.data, case, assess(case, self.library) if case else None)

    def next_question(self, path: CasePath = None, text: CaseText = None, part: PartName = None) -> NextQuestion:
        """The open question that tells most about the verdict, with why it is asked and what each answer means.

        A project is asked about part by part.
        """
        from scoper.services.explaining import question_document
        from scoper.services.scoping import interview

        stand = interview(self._one(path, text, part).case, self.library)
        signal = stand.next_signal
        gains = {question.signal: question.gain for question in stand.verdict.next_questions}
        return NextQuestion(
            technique=stand.verdict.technique,
            certain=stand.certain,
            final=stand.final,
            question=question_document(self.library.questions[signal]) if signal else None,
            gain=gains.get(signal) if signal else None,
            answered=list(stand.answered),
            open=list(stand.open),
            skipped=list(stand.skipped),
        )

    def lint(self, path: CasePath = None, text: CaseText = None) -> Lint:
        """Every problem of a case, a spec or a folder of rules, with line, column and what was probably meant."""
        from scoper.services.library import load_rules
        from scoper.services.strict_yaml import read_text

        place = self._place(path, text)
        if place is not None and place.is_dir():
            for file in place.rglob("*.yaml"):
                self.fence.path(str(file))
            return _linted("rule pack", lambda: load_rules(place))
        source = path or _TEXT
        try:
            content = read_text(place) if place is not None else text or ""
        except InputError as error:
            return Lint(ok=False, kind="case", problems=_faults(error))
        return _lint_text(content, source, place.parent if place else None, self.library)

    def report(
        self,
        path: CasePath = None,
        text: CaseText = None,
        format: Annotated[Literal["md", "html", "json", "adr"], Field(description="Form of the report.")] = "md",
        part: PartName = None,
    ) -> Report:
        """The report of a case, as `scoper report` writes it; numbers come from a result.json beside its spec."""
        from scoper.services.assembling import assemble, read_result, read_spec_file, result_beside, spec_beside
        from scoper.services.reporting import render

        file = self._case(path, text, part)
        file = self._single(file) if format == "adr" else file
        named = spec_beside(file) if path else None
        spec = read_spec_file(self.fence.path(str(named))) if named else None
        beside = result_beside(spec) if spec else None
        result = read_result(self.fence.path(str(beside))) if beside else None
        dossier = assemble(file, self.library, spec=spec, result=result)
        return Report(format=format, text=render(dossier, format, data=self.data))

    def probe(
        self, path: PathArgument, budget: Budget = "quick", seed: Annotated[int, Field(ge=0)] = 0
    ) -> dict[str, Any]:
        """Whether the reward of an MDP spec is feasible, measured in a process of its own; takes up to the budget."""
        from scoper.services import probing, trust
        from scoper.services.strict_yaml import read_text

        place = self.fence.path(path)
        plan = probing.make_plan(read_text(place), path, place.parent, budget=budget, seed=seed, trust=self.trust)
        sentence = "" if self.trust else trust.needs_consent(plan.spec, place.parent)
        if sentence:
            remedy = "look at the code, then start the server with --trust"
            raise ProbeError(Problem("untrusted", sentence, path, remedy=remedy))
        if not self.probing.acquire(blocking=False):
            raise UsageError(Problem("mcp-busy", "another probe is running", path, remedy="wait for it to end"))
        try:
            trusted = plan.model_copy(update={"trust": True})
            return probing.document(probing.probe(trusted, lambda _: None))
        finally:
            self.probing.release()

    def _place(self, path: str | None, text: str | None) -> Path | None:
        """The file inside the fence, followed by #PART where the path names one."""
        from scoper.services.cases import divided

        if (path is None) == (text is None):
            raise UsageError(Problem("mcp-case", "give either `path` or `text`"))
        if path is None:
            return None
        place = self.fence.path(path)
        file, part = divided(self.fence.folders[0] / path)
        if part is None:
            return place
        file = self.fence.path(str(file))  # a link with #PART behind its name leads where the link leads
        return file.with_name(f"{file.name}#{part}")

    def _case(self, path: str | None, text: str | None, part: str | None = None) -> CaseFile:
        from scoper.services.case_format import parse_case
        from scoper.services.cases import part_of, read_case

        place = self._place(path, text)
        if place is None:
            case = parse_case(text or "", _TEXT, self.library.questions)
            file = CaseFile(self.fence.folders[0] / "case.yaml", case, text or "")
        else:
            file = read_case(place, self.library.questions)
        return part_of(file, part) if part is not None else file

    def _one(self, path: str | None, text: str | None, part: str | None) -> CaseFile:
        return self._single(self._case(path, text, part))

    def _single(self, file: CaseFile) -> CaseFile:
        """The file; raises UsageError for a project, whose parts are looked at one by one."""
        if not file.case.parts:
            return file
        names = ", ".join(part.id for part in file.case.parts)
        message = "the case has parts, and each is judged by itself"
        raise UsageError(Problem("case-parts", message, remedy=f"name one as `part`: {names}"))


def _lint_text(content: str, source: str, folder: Path | None, library: Library) -> Lint:
    from scoper.services.case_format import parse_case
    from scoper.services.specs import parse_spec
    from scoper.services.strict_yaml import examine

    root, _ = examine(content, source)
    keys = {key.text for key, _ in root.items} if root is not None and root.kind == "mapping" else set()
    if "scoper_mdp" not in keys:
        return _linted("case", lambda: parse_case(content, source, library.questions))
    found = _linted("spec", lambda: parse_spec(content, source, folder))
    if found.ok:
        found.cautions = list(getattr(parse_spec(content, source, folder), "cautions", ()))
    return found


def _linted(kind: Literal["case", "spec", "rule pack"], read: Any) -> Lint:
    try:
        read()
    except InputError as error:
        return Lint(ok=False, kind=kind, problems=_faults(error))
    return Lint(ok=True, kind=kind, problems=[])


def _faults(error: InputError) -> list[Fault]:
    parts = ("code", "message", "line", "column", "remedy")
    return [Fault.model_validate({part: getattr(problem, part) for part in parts}) for problem in error.problems]
