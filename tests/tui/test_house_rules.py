"""Rules of the house that a reader would otherwise have to check by eye."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import scoper.interfaces.tui

ROOM = Path(scoper.interfaces.tui.__file__).parent
FILES = sorted(ROOM.rglob("*.py"))
MARKUP_WIDGETS = {"Static", "Label", "Button", "Collapsible", "RadioButton", "Checkbox", "Input", "TextArea"}
MARKUP_WIDGETS |= {"OptionList", "DataTable", "RichLog", "Tree", "Select"}


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of code without the docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0  # type: ignore[operator]


def is_handler(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    decorated = any("on(" in ast.unparse(d) for d in function.decorator_list)
    return decorated or function.name.startswith(("action_", "on_"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_handlers_have_at_most_five_lines(path: Path) -> None:
    long = {f.name: body_lines(f) for f in functions(path) if is_handler(f) and body_lines(f) > 5}

    assert not long


@pytest.mark.parametrize("path", [path for path in FILES if path.name != "safe.py"], ids=lambda path: path.name)
def test_text_reaches_the_screen_only_through_the_safe_widgets(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    made = {func.id for func in calls if isinstance(func, ast.Name)} & MARKUP_WIDGETS
    marked = {func.attr for func in calls if isinstance(func, ast.Attribute)} & {"from_markup", "notify"}

    assert not made | marked


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_works_in_a_thread(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert "thread=True" not in text
    assert "call_from_thread" not in text


def test_the_app_stays_small() -> None:
    assert len((ROOM / "app.py").read_text(encoding="utf-8").splitlines()) <= 150


def test_every_module_has_at_most_300_lines() -> None:
    assert [p.name for p in FILES if len(p.read_text(encoding="utf-8").splitlines()) > 300] == []
