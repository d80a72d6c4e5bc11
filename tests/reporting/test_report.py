from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from scoper.domain.dossier import Dossier
from scoper.domain.probe import ProbeResult
from scoper.domain.questionnaire import Answer
from scoper.domain.text import one_line
from scoper.errors import StorageError
from scoper.services.report_data import ReportData
from scoper.services.reporting import figures, render, write_report

GOLDEN = Path(__file__).parent.parent / "golden"
TECHNIQUES = ("reinforcement_learning", "llm_orchestration", "plain_automation")
UPDATE = "SCOPER_UPDATE_GOLDEN"


def headings(text: str) -> list[str]:
    return re.findall(r"(?m)^## (.+)$", text)


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_the_report_equals_the_golden_file(technique: str, dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    path = GOLDEN / f"{technique}.md"
    text = render(dossiers[technique], "md", data=data)
    if os.environ.get(UPDATE):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"if the change is meant: {UPDATE}=1 pytest {__file__}"


@pytest.mark.slow
def test_two_processes_with_different_hash_seeds_give_the_same_bytes(
    dossiers: Mapping[str, Dossier], data: ReportData, tmp_path: Path
) -> None:
    stored = tmp_path / "dossier.json"
    stored.write_text(dossiers["reinforcement_learning"].model_dump_json(), encoding="utf-8")
    (tmp_path / "data.pickle").write_bytes(pickle.dumps(data))
    program = (
        "import sys, pickle, pathlib, hashlib\n"
        "from scoper.domain.dossier import Dossier\n"
        "from scoper.services.reporting import render, figures\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "dossier = Dossier.model_validate_json((folder / 'dossier.json').read_text(encoding='utf-8'))\n"
        "data = pickle.loads((folder / 'data.pickle').read_bytes())\n"
        "texts = [render(dossier, f, data=data) for f in ('md', 'html', 'json')]\n"
        "texts += [name + svg for name, svg in figures(dossier).items()]\n"
        "print([hashlib.sha256(text.encode()).hexdigest() for text in texts])\n"
    )
    prints = [
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LANG": "C"},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("4242", "Asia/Kathmandu"))
    ]
    assert prints[0] == prints[1]


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_the_json_report_reads_back_as_the_same_dossier(technique: str, dossiers: Mapping[str, Dossier]) -> None:
    dossier = dossiers[technique]
    assert Dossier.model_validate_json(render(dossier, "json")) == dossier


@pytest.mark.slow
@pytest.mark.parametrize("technique", TECHNIQUES)
def test_a_dossier_read_back_gives_the_same_report(
    technique: str, dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    again = Dossier.model_validate_json(render(dossiers[technique], "json"))  # its maps are in another order
    for format in ("md", "html"):
        assert render(again, format, data=data) == render(dossiers[technique], format, data=data)


def test_the_verdict_comes_first_and_provenance_last(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    found = headings(render(dossiers["reinforcement_learning"], "md", data=data))
    assert (found[0], found[-1]) == ("Verdict", "Provenance")


def test_sections_without_content_are_left_out(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    found = headings(render(dossiers["llm_orchestration"], "md", data=data))
    assert not {"Method family and MDP", "Findings", "Probe: can this reward be learned?"} & set(found)
    assert "Why" in found


def test_every_contents_link_leads_to_a_heading(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    text = render(dossiers["reinforcement_learning"], "md", data=data)
    page = render(dossiers["reinforcement_learning"], "html", data=data)
    contents = next(line for line in text.split("\n") if " · [" in line)
    targets = re.findall(r"\]\(#([a-z-]+)\)", contents)
    assert len(targets) == len(headings(text))
    assert set(re.findall(r"\]\(#([a-z-]+)\)", text)) == set(targets)
    assert all(f'<h2 id="{target}">' in page for target in targets)


@pytest.mark.slow
def test_hostile_texts_give_the_same_structure_as_plain_ones(
    dossiers: Mapping[str, Dossier], data: ReportData, parser: MarkdownIt, hostile_texts: Callable[[int], list[str]]
) -> None:
    plain = _skeleton(parser, render(_with_texts(dossiers["reinforcement_learning"], ["x"]), "md", data=data))
    for start in range(0, 200, 8):
        dossier = _with_texts(dossiers["reinforcement_learning"], hostile_texts(200)[start : start + 8])
        assert _skeleton(parser, render(dossier, "md", data=data)) == plain


def _with_texts(dossier: Dossier, texts: list[str]) -> Dossier:
    """The dossier with the texts in every place where a user writes; surrogates are left out, pydantic refuses them."""
    texts = [text.replace("\ud800", "") + "x" for text in texts]
    pick = [texts[index % len(texts)] for index in range(8)]
    answers = {"reward_measurable": (Answer(answer="yes", evidence=pick[0], by=pick[1], confidence="high"),)}
    case = dossier.case.model_copy(update={"title": pick[2], "summary": pick[3], "answers": answers})
    assert dossier.result is not None
    finding = dossier.result.findings[1].model_copy(
        update={"claim": pick[4], "remedy": pick[5], "evidence": {"k": pick[6]}}
    )
    returns = {"random": dossier.result.returns["random"], pick[7]: dossier.result.returns["optimal"]}
    result = dossier.result.model_copy(update={"findings": (finding,), "returns": returns, "because": pick[0]})
    keys = ("title", "domain", "source", "problem", "lesson", "worked")
    told = tuple(
        precedent.model_copy(update=dict(zip(keys, pick[place:], strict=False)))
        for place, precedent in enumerate(dossier.precedents)
    )
    update = {"case": case, "case_digest": case.digest(), "result": result, "precedents": told}
    return dossier.model_copy(update=update)


def _skeleton(parser: MarkdownIt, text: str) -> list[tuple[str, str, int]]:
    return [(token.type, token.tag, token.level) for token in parser.parse(text)]


def test_the_html_page_has_no_script_no_foreign_tag_and_no_request(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    page = render(dossiers["reinforcement_learning"], "html", data=data)
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert not re.search(r"<[^>]*\son\w+=", page)
    tags = set(re.findall(r"</?([a-zA-Z][a-zA-Z0-9]*)", page))
    allowed = (
        "html head meta title style body h1 h2 h3 p em strong a blockquote ul ol li table thead tbody tr th td div"
    )
    allowed += " code pre details summary br main nav section figure figcaption footer span"
    drawn = "svg desc rect line polyline polygon circle text g clipPath"
    assert tags <= set(allowed.split()) | set(drawn.split())
    assert "Content-Security-Policy" in page


_CODE_OF_AN_ADDRESS = re.compile(r"<code>(?:https?://|www\.)[\w./?=%:~+,;&#-]+</code>")  # of a source


@pytest.mark.slow
def test_hostile_texts_give_the_same_html_tags_as_plain_ones(
    dossiers: Mapping[str, Dossier], data: ReportData, hostile_texts: Callable[[int], list[str]]
) -> None:
    def tags(dossier: Dossier) -> list[tuple[str, tuple[str, ...]]]:
        found: list[tuple[str, tuple[str, ...]]] = []

        class Collector(HTMLParser):
            def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
                found.append((tag, tuple(name for name, _ in attrs)))

        page = render(dossier, "html", data=data)
        Collector().feed(_CODE_OF_AN_ADDRESS.sub("", page))
        return found

    for start in range(0, 200, 8):
        texts = hostile_texts(200)[start : start + 8]
        plain = [re.sub(r"\S", "x", one_line(text)) for text in texts]  # figures place labels by their length
        assert tags(_with_texts(dossiers["reinforcement_learning"], texts)) == tags(
            _with_texts(dossiers["reinforcement_learning"], plain)
        )


def test_speeds_hosts_and_clock_times_stay_out_of_the_report(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    for format in ("md", "html"):
        text = render(dossiers["reinforcement_learning"], format, data=data)
        assert not re.search(r"41[,.]?234|secret|12\.3\b|0\.123\b", text)
        assert str(Path.home()) not in text


def test_a_stale_result_is_shown_as_stale_and_nothing_rests_on_it(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    stale = dossiers["reinforcement_learning"].model_copy(update={"spec_digest": "spec-2"})
    text = render(stale, "md", data=data)
    verdict, _, rest = text.partition("## The decision table")
    assert "the last probe measured an older one" in verdict
    assert "**Stale.**" in rest
    assert "Findings" not in headings(text)
    assert [name.rpartition("/")[2] for name in figures(stale)] == ["signals.svg", "precedents.svg"]
    assert "Feasible, with conditions" not in text


def test_whose_the_decision_table_is_is_said_before_anything_rests_on_it(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    text = render(dossiers["plain_automation"], "md", data=data)
    table = text.partition("\n## The decision table for this case\n")[2]
    assert table.startswith("\nThe table is that of an article: TechnoLynx (2025)")
    assert "the article's" not in text[: len(text) - len(table)].lower()


def test_a_verdict_made_from_older_answers_is_marked(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    text = render(dossiers["plain_automation"].model_copy(update={"case_digest": "older"}), "md", data=data)
    assert "**Stale.** The answers changed after this verdict was made" in text


def test_without_a_probe_the_report_says_how_to_run_one_and_what_is_unfilled(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    update = {"result": None, "result_spec_digest": None, "spec_notes": ("mdp.yaml:7:3: fill in the start",)}
    text = render(dossiers["reinforcement_learning"].model_copy(update=update), "md", data=data)
    assert "Fill in 1 line of `my spec.yaml`; the probe's section lists them." in text
    assert text.count("fill in the start") == 1
    assert 'scoper probe "my spec.yaml" -o result.json\n' in text
    assert 'scoper report CASE -o report.md --spec "my spec.yaml" --result result.json --force\n' in text


def test_risks_are_those_whose_condition_the_answers_meet(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    text = render(dossiers["reinforcement_learning"], "md", data=data)
    assert "Risk &#124;" in text
    assert "Rules rot" in text  # plain automation surrounds the technique
    assert "Does not apply" not in text


def test_findings_stand_in_the_order_of_their_severity(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    text = render(dossiers["reinforcement_learning"], "md", data=data)
    assert text.index("### Blocker: The reward pays") < text.index("### Note: A note")


def test_answers_without_evidence_are_marked_and_counted(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    text = render(dossiers["plain_automation"], "md", data=data)
    assert "2 of 4 answers come without evidence" in text
    assert "Respondents disagree here" in text


def test_every_word_for_an_id_that_a_result_can_carry_exists(data: ReportData) -> None:
    from typing import get_args

    from scoper.domain import decision, findings, probe

    assert set(decision.TECHNIQUES) | {decision.UNDECIDED} <= set(data.words["techniques"])
    assert set(decision.FAMILIES) <= set(data.words["families"])
    assert set(get_args(decision.Readiness)) <= set(data.words["readiness"])
    assert set(get_args(decision.Basis)) <= set(data.words["basis"])
    assert set(get_args(probe.ProbeVerdict)) <= set(data.words["probe_verdicts"])
    assert set(get_args(findings.Severity)) <= set(data.words["severities"])
    assert set(decision.TECHNIQUES) | {decision.UNDECIDED} == set(data.first_week) == set(data.stop)


def test_every_condition_of_the_first_week_names_a_question_and_its_values(data: ReportData) -> None:
    from scoper.services.follow_ups import follow_ups_of
    from scoper.services.library import load_library

    questions = load_library().questions
    asked = {**questions, **follow_ups_of(questions)}
    for steps in (*data.first_week.values(), *data.stop.values()):
        for step in steps:
            for signal, values in step.when.values.items():
                assert set(values) <= set(asked[signal].values), (step.text, signal)
    assert set(data.words["signals"]) >= {s for s in questions if len(s.split("_")) > 1}


def test_a_raw_text_in_a_template_is_refused() -> None:
    from scoper.services.templating import _only_safe

    with pytest.raises(TypeError, match="no filter made safe"):
        _only_safe("<b>")


def test_a_report_is_written_with_its_figures_and_never_over_another(
    dossiers: Mapping[str, Dossier], data: ReportData, tmp_path: Path
) -> None:
    target = tmp_path / "out" / "my report.md"
    written = write_report(dossiers["reinforcement_learning"], target, "md", data=data)
    text = target.read_text(encoding="utf-8")
    links = re.findall(r"(?m)^!\[.*\]\((.+?)\)$", text)
    names = ["signals.svg", "precedents.svg", "learning_curves.svg", "returns.svg", "gap_share.svg"]
    assert links == [f"my%20report_figures/{name}" for name in names]
    assert [path.name for path in written] == [*names, "my report.md"]
    assert all(path.is_file() for path in written)
    with pytest.raises(StorageError):
        write_report(dossiers["llm_orchestration"], target, "md", data=data)
    assert target.read_text(encoding="utf-8") == text


def test_a_result_without_numbers_still_gives_a_report(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    bare = ProbeResult(spec={"name": "n", "digest": "spec-1"}, verdict="not_shown", criterion="nothing was measured")
    text = render(dossiers["reinforcement_learning"].model_copy(update={"result": bare}), "md", data=data)
    assert "> **Not shown.** [The first page](#verdict) says why." in text
    assert "**Can the reward be learned?** Not shown" in text
    assert not {"learning_curves.svg", "returns.svg"} & set(re.findall(r"\]\(report_figures/(\S+)\)", text))


def test_an_optimum_of_discretised_arrays_is_not_called_proved_on_the_spec(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    dossier = dossiers["reinforcement_learning"]
    text = render(dossier, "md", data=data)
    assert dossier.result is not None
    optimal = dossier.result.returns["optimal"].model_copy(update={"basis": "extrapolated"})
    result = dossier.result.model_copy(update={"returns": {**dossier.result.returns, "optimal": optimal}})
    discretised = render(dossier.model_copy(update={"result": result}), "md", data=data)

    assert "(proved on the spec)" in text
    assert "(proved on the spec)" not in discretised
    assert "proved for the arrays, which are discretised" in discretised
    assert "solved the spec exactly" not in discretised
