"""The report of a project in parts: nothing that a user writes breaks its tables, its sketch or its commands."""

import random
import re
import shlex
from collections.abc import Callable

import pytest
from markdown_it import MarkdownIt

from scoper.domain.questionnaire import Answer, Case, HandOver, Part
from scoper.domain.text import clean
from scoper.services.library import load_library
from scoper.services.reporting import render
from scoper.services.scoping import make_dossier
from tests.reporting.test_markdown import structure

LABEL = re.compile(r'  P\d+\["[^"\[\]{}<>`|;]+"\]|  P\d+ -->(\|"[^"|<>`;]+"\|)? P\d+')


def report_of(text: str, file: str = "case.yaml") -> str:
    text = clean(text)  # as the reader of cases does
    one = Part(id="one", title=text or "x", summary=text, hands_to=(HandOver(to="two", what=text),))
    answers = {"known_rules": (Answer(answer="yes", evidence=text),)}
    case = Case(title=text or "x", parts=(one, Part(id="two", title="Two", answers=answers)))
    dossier = make_dossier(case, load_library(), provenance={"case_file": file})
    return render(dossier, "md").partition("\n<!-- {")[0]


@pytest.mark.slow
def test_every_part_has_a_row_a_heading_and_a_command() -> None:
    text = report_of("First")
    assert "| 1. First |" in text
    assert "### 2. Two" in text
    assert 'scoper report "case.yaml#two" -o two.md' in text


@pytest.mark.slow
def test_hostile_texts_leave_the_structure_of_the_report_as_it_is(
    parser: MarkdownIt, hostile_texts: Callable[[int], list[str]]
) -> None:
    plain = structure(parser, report_of("x"))
    for hostile in random.Random(3).sample([t for t in hostile_texts(2500) if t.strip()], 25):
        assert structure(parser, report_of(hostile)) == plain, repr(hostile)


@pytest.mark.slow
def test_hostile_texts_stay_inside_their_labels_of_the_sketch(hostile_texts: Callable[[int], list[str]]) -> None:
    for hostile in hostile_texts(25):
        sketch = report_of(hostile).partition("flowchart LR\n")[2].partition("\n```")[0]
        assert all(LABEL.fullmatch(line) for line in sketch.split("\n")), sketch


@pytest.mark.slow
@pytest.mark.parametrize("file", ["a b.yaml", 'a"b.yaml', "$(x).yaml", "a;b>c.yaml", "-f.yaml", "a`b.yaml", "#.yaml"])
def test_a_file_s_name_is_one_word_of_the_command(file: str) -> None:
    line = next(line for line in report_of("x", file).split("\n") if line.endswith("-o two.md"))
    assert len(shlex.split(line)) == 5
    assert not set(line) & set("$`;>")
