from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from scoper.domain.text import one_line
from scoper.services.markdown import WORD_JOINER, Safe, cited, code, md, mermaid
from scoper.services.report_html import to_html
from tests.reporting.markdown_structure import structure

CONTEXTS = {
    "table cell": "| a | b |\n|---|---|\n| {} | y |\n| z | {} |\n",
    "heading": "## {}\n\nnext\n",
    "list item": "- {}\n- b\n\n1. {}\n2. c\n",
    "paragraph": "{}\n\nnext\n",
    "bold in the middle": "lead **{}**: {}, end\n",
    "block quote": "> **x.** {}\n>\n> {}\n",
    "image words": "![{}](a.svg)\n\n*{}*\n",
    "inside details": "<details>\n<summary>t</summary>\n\n- {}\n\n{}\n\n</details>\n\nafter\n",
}


def words(parser: MarkdownIt, text: str) -> str:
    shown = "".join(child.content for token in parser.parse(text) for child in token.children or ())
    return shown.replace(WORD_JOINER, "")


@pytest.mark.slow
@pytest.mark.parametrize("context", CONTEXTS.values(), ids=CONTEXTS)
def test_hostile_text_has_the_structure_of_a_plain_letter(
    context: str, parser: MarkdownIt, hostile_texts: Callable[[int], list[str]]
) -> None:
    plain = structure(parser, context.replace("{}", "x"))
    broken = [text for text in hostile_texts(2500) if structure(parser, context.replace("{}", md(text))) != plain]
    assert broken == []


def test_hostile_text_is_shown_as_it_was_written(parser: MarkdownIt, hostile_texts: Callable[[int], list[str]]) -> None:
    for text in hostile_texts(2500):
        expected = one_line(text).replace(WORD_JOINER, "") or "(empty)"
        assert words(parser, md(text)) == expected


@given(st.text())
def test_any_text_keeps_the_structure_and_the_words(text: str) -> None:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    context = CONTEXTS["table cell"]
    assert structure(parser, context.replace("{}", md(text))) == structure(parser, context.replace("{}", "x"))
    assert words(parser, md(text)) == (one_line(text).replace(WORD_JOINER, "") or "(empty)")


@pytest.mark.parametrize(
    "live", ["https://evil.example", "www.evil.example", "me@evil.example", "@someone", "#12", ":smile:", ":100:"]
)
def test_what_github_would_make_a_link_is_parted_by_a_word_joiner(live: str) -> None:
    assert WORD_JOINER in md(live)
    assert live not in md(live)


def test_a_plain_sentence_stays_readable_in_the_source() -> None:
    sentence = "Demand is 3.0 a day (14 months), see on_order at mdp.yaml:14:21: yes; version 0.1.0 - not more."
    assert md(sentence) == sentence


def test_code_spans_are_only_made_of_plain_text() -> None:
    assert code("reward_measurable") == "`reward_measurable`"
    assert code("a`b") == md("a`b")


def test_a_mermaid_label_holds_neither_quotes_nor_brackets_nor_list_markers(
    hostile_texts: Callable[[int], list[str]],
) -> None:
    for text in hostile_texts(2000):
        label = mermaid(text)
        assert isinstance(label, Safe)
        assert 0 < len(label) <= 44
        assert not set(label) & set("\"'`[](){}<>|#;&\\:\n*_$@")
        assert not label.startswith(("-", "+", "1. "))


def without_code(found: list[object]) -> list[object]:
    """The structure with code spans as text."""
    kept: list[object] = []
    for part in found:
        each = "text" if isinstance(part, tuple) and part[0] == "code_inline" else part
        if not (each == "text" and kept and kept[-1] == "text"):
            kept.append(each)
    return kept


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("Li (2010), https://a.example/x_y?z=1#b.", "Li (2010), `https://a.example/x_y?z=1#b`."),
        ("https://a.example/", "`https://a.example/`"),
        ("see (www.a.example) too", "see (`www.a.example`) too"),
        ("https://a.example https://b.example", "`https://a.example` `https://b.example`"),
    ],
)
def test_an_address_in_a_source_is_copied_out_as_it_was_written(source: str, shown: str) -> None:
    assert cited(source) == shown


@pytest.mark.parametrize("text", ["https://a|b", "https://a`b", "[x](https://a.example)", "xhttps://a.example"])
def test_an_address_that_does_not_stand_by_itself_is_parted(text: str) -> None:
    assert cited(text) == md(text)


@pytest.mark.parametrize("context", ["table cell", "list item", "paragraph", "inside details"])
def test_a_hostile_source_breaks_out_of_nothing(
    context: str, parser: MarkdownIt, hostile_texts: Callable[[int], list[str]]
) -> None:
    place = CONTEXTS[context]
    plain = structure(parser, place.replace("{}", "x"))
    for text in hostile_texts(150):
        for whole in (text, f"{text} https://a.example/b {text}", f"https://a.example/b {text}", f"({text} www.a.b)"):
            found = structure(parser, place.replace("{}", cited(whole)))
            assert without_code(found) == plain, whole
            assert words(parser, cited(whole)) == (one_line(whole).replace(WORD_JOINER, "") or "(empty)")


def test_a_page_shows_addresses_as_they_were_written() -> None:
    live = "https://a.example/x www.a.example me@a.example"
    page = to_html(f"## A\n\n{md(live)}\n", "t", {})

    assert live in page
    assert '<a href="http' not in page
    assert WORD_JOINER not in page
