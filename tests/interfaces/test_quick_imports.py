"""What is left out of imports is not missed: libraries answer as they do without."""

from __future__ import annotations

import re
import subprocess
import sys
import typing
from pathlib import Path

import pytest

from scoper.interfaces import quick_imports

QUICK = "from scoper.interfaces.quick_imports import be_quick; be_quick()\n"


def ran(code: str, **environ: str) -> str:
    """What a new process prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environ or None, check=True)
    return done.stdout


YAML = """
import datetime, re, typing
import yaml
text = "[1, 0x1f, 1_000, 1.5, .inf, 2026-11-23, 2026-11-23T10:11:12Z, yes, ~, '1', a]"
for loader in (yaml.SafeLoader, yaml.CSafeLoader):
    print(yaml.load(text, loader))
try:
    yaml.load(chr(7), yaml.SafeLoader)
except yaml.reader.ReaderError as error:
    print(error)
print(yaml.safe_dump([1, "1", "2026-11-23", "no", 1.5]))
print(isinstance(re.compile("a"), re.Pattern), yaml.reader.__spec__.loader.get_source("yaml.reader")[:40])
"""
PYDANTIC = """
import typing
from pydantic import BaseModel, TypeAdapter
from pydantic_core import SchemaValidator, core_schema
print(SchemaValidator(core_schema.list_schema(core_schema.int_schema())).validate_python(["1"]))
print(sorted(core_schema.ModelSchema.__annotations__), issubclass(core_schema.CoreConfig, dict))
class Point(typing.TypedDict, total=False):
    x: int
print(typing.is_typeddict(Point), Point.__optional_keys__)
from typing_extensions import TypedDict
class Other(TypedDict):
    x: int
class Model(BaseModel):
    other: Other
print(Model(other={"x": "3"}), TypeAdapter(Other).json_schema())
from pydantic.plugin import _loader
print(list(_loader.get_plugins()), callable(_loader.get_plugins))
"""


@pytest.mark.parametrize("code", [YAML, PYDANTIC], ids=["yaml", "pydantic"])
def test_libraries_answer_as_without(code: str) -> None:
    assert ran(QUICK + code) == ran(code)


def test_patterns_of_the_reader_wait_for_their_use() -> None:
    code = "import yaml, re\nprint(isinstance(yaml.reader.Reader.NON_PRINTABLE, re.Pattern))"
    assert ran(code) == "True\n"
    assert ran(QUICK + code) == "False\n"


def test_notes_for_type_checkers_are_not_compiled() -> None:
    code = "from pydantic_core import core_schema\nprint(hasattr(core_schema.IntSchema, '__total__'))"
    assert ran(code) == "True\n"
    assert ran(QUICK + code) == "False\n"


def test_what_a_user_says_of_plug_ins_counts() -> None:
    code = QUICK + f"import sys; print({quick_imports.LOADER!r} in sys.modules)"
    assert ran(code) == "True\n"
    assert ran(code, **{quick_imports.SWITCH: "mine"}) == "False\n"


def test_the_script_is_quick() -> None:
    code = """
import sys
from scoper.interfaces.cli import main
sys.argv = ["scoper", "--version"]
main._leave = lambda code: print([type(f).__name__ for f in sys.meta_path])
main.run()
"""
    assert "_Finder" in ran(code)


def test_a_spec_that_was_only_found_answers_as_always() -> None:
    code = "import sys, yaml; from importlib.util import find_spec; del sys.modules['yaml.reader']\n"
    code += "print(find_spec('yaml.reader').loader.get_source('yaml.reader')[:40])"
    assert ran(QUICK + code) == ran(code)


def test_a_pattern_is_one() -> None:
    pattern = quick_imports.Pattern("A+", re.IGNORECASE)
    assert pattern.fullmatch("aaA")
    assert pattern.pattern == "A+"
    assert pattern.fullmatch is pattern.fullmatch
    with pytest.raises(AttributeError):
        _ = pattern.nothing_of_the_kind


@pytest.mark.parametrize(
    "written",
    ["A = TypedDict('A', {'x': int})", "class A(TypedDict):\n    x: int\nA.__required_keys__"],
)
def test_a_module_that_does_more_with_a_name_is_loaded_as_always(
    written: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "odd_schema.py").write_text(f"from typing import TypedDict\n{written}\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setitem(quick_imports.STAND_INS, "odd_schema", {("typing", "TypedDict"): quick_imports.Entries})
    monkeypatch.delitem(sys.modules, "odd_schema", raising=False)
    kept = typing.TypedDict
    quick_imports.be_quick()
    quick_imports.be_quick()
    import odd_schema  # type: ignore[import-not-found]

    assert typing.is_typeddict(odd_schema.A)
    assert typing.TypedDict is kept
    assert odd_schema.__spec__.loader.path == str(tmp_path / "odd_schema.py")
    monkeypatch.delitem(sys.modules, "odd_schema")
