import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoper.domain.text import clean, one_line, shown

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x1b[31mb\x1b[0m", "ab"),
        ("a\x9b31mb", "ab"),
        ("a\x1b]0;title\x07b", "ab"),
        ("a\x1b]8;;http://x\x1b\\b", "ab"),
        ("a\x1bP+q\x9cb", "ab"),
        ("a\x1b]0;never closed", "a0;never closed"),
        ("a\x1bcb\x1b(0c", "abc"),
        ("a\r\nb\rc\u2028d\u2029e\x85f\x0bg\x0ch", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("a\tb", "a b"),
        ("a\x00b\x7fc\x80d", "abcd"),
        (f"a{BIDI}b\ufeff", "ab"),
        ("a\ud800b", "a\ufffdb"),
        ("Größe 😀 👩‍🔬 [b] <i> {{x}} שלום", "Größe 😀 👩‍🔬 [b] <i> {{x}} שלום"),
    ],
)
def test_escapes_controls_and_direction_marks_go_and_text_stays(text: str, expected: str) -> None:
    assert clean(text) == expected


@given(st.text() | st.text("\x1b[]0;m\x07\x9b\x9d\\\n\t \u202eab", max_size=60))
def test_what_is_clean_holds_no_control_but_the_line_end_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not [char for char in cleaned if unicodedata.category(char) in ("Cc", "Cs") and char != "\n"]
    assert not set(cleaned) & set(BIDI)
    cleaned.encode()


@given(st.text(), st.integers(1, 80))
def test_a_quotation_is_one_line_of_at_most_the_limit(text: str, limit: int) -> None:
    assert "\n" not in one_line(text)
    assert len(shown(text, limit)) <= limit


def test_a_million_openings_of_escapes_are_cleaned_in_one_pass() -> None:
    assert clean("\x1b]" * 500_000) == ""
    assert clean("\x9d" * 500_000) == ""
