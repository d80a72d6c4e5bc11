"""What is said to mend an environment that raised or hung fits what it did and what the command can be given."""

from __future__ import annotations

import importlib

import pytest

from scoper.domain.doctor import ExaminationPlan
from scoper.probe.crash_remedies import remedy_of
from scoper.probe.failures import failed


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import no_such_package", "install what it imports, 'no_such_package'"),
        ("from json import no_such_name", "the version of the package that has the name"),
        ("raise ImportError('libGL.so.1: cannot open shared object file')", "install what the error says is missing"),
        ("raise ModuleNotFoundError('get the simulator first')", "install what the error says is missing"),
        ("raise ImportError", "install what the error says is missing"),
    ],
)
def test_an_import_that_failed_is_mended_by_what_it_lacks(tmp_path, monkeypatch, source, words):
    (tmp_path / "env_that_lacks.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(ImportError) as raised:
        importlib.import_module("env_that_lacks")

    assert words in remedy_of(raised.value)


def test_only_commands_with_a_budget_are_told_to_raise_it(plan_of):
    probed = plan_of()
    examined = probed.model_copy(update={"examination": ExaminationPlan(sections=("spaces",))})
    remedies = [failed(plan, "hang", "it hangs").result.findings[0].remedy for plan in (probed, examined)]

    assert ["--budget" in remedy for remedy in remedies] == [True, False]
    assert all("seconds_per_step" in remedy for remedy in remedies)
