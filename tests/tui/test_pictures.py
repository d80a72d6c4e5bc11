"""The pictures of the screens: the same every time, one of every screen, none of them stale in name."""

from __future__ import annotations

from pathlib import Path

import pytest

from scoper.interfaces.tui import pictures
from scoper.services.library import data_path

pytestmark = pytest.mark.slow

SMALL = [(80, 24)]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    paths = pictures.draw(tmp_path_factory.mktemp("pictures"), SMALL)
    return {path.name: path.read_text(encoding="utf-8") for path in paths}


@pytest.mark.slow
def test_the_same_files_give_the_same_pictures(drawn: dict[str, str], tmp_path: Path) -> None:
    again = {path.name: path.read_text(encoding="utf-8") for path in pictures.draw(tmp_path, SMALL)}

    assert again == drawn


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("welcome", "New&#160;case"),
        ("interview", "of&#160;6&#160;possible"),
        ("interview-why", "Counter-example"),
        ("interview-jump", "answered:"),
        ("interview-high-contrast", "the&#160;technique&#160;stays"),
        ("help", "never&#160;counts&#160;as&#160;no"),
        ("palette", "Compare&#160;respondents"),
        ("people", "They&#160;differ&#160;on"),
        ("spec-error", "✗"),
        ("review", "Check&#160;your&#160;answers"),
        ("verdict", "What&#160;would&#160;change&#160;it"),
        ("spec", "scoper_mdp"),
        ("spec-draft", "still&#160;to&#160;be&#160;filled&#160;in"),
        ("probe-running", "(estimate)"),
        ("probe", "Feasible"),
        ("report", "Verdict"),
        ("parts", "hands&#160;over&#160;to"),
    ],
)
def test_every_screen_shows_what_it_is_for(drawn: dict[str, str], name: str, words: str) -> None:
    assert words in drawn[f"{name}-80x24.svg"]


def test_the_pictures_in_the_repository_are_those_that_are_drawn(drawn: dict[str, str]) -> None:
    kept = {path.name for path in data_path("reports", "screens").glob("*-80x24.svg")}

    assert kept == set(drawn)
