"""Reports and snapshots checked: what scoper wrote holds, what was changed does not, and it says what."""

import json
import random
from dataclasses import replace

import pytest

from scoper.domain.questionnaire import Answer, Case
from scoper.errors import InputError, StorageError
from scoper.services.cases import CaseFile
from scoper.services.library import load_library
from scoper.services.reporting import write_report
from scoper.services.scoping import make_dossier
from scoper.services.snapshots import keep, read_snapshot, snapshot_text, snapshots_of, take
from scoper.services.verifying import verify
from scoper.services.verifying_seal import seal_of, sealed_json

LIBRARY = load_library()
HOSTILE = 'x --> <!-- {"case": "seal": "' + "0" * 64 + '"} --> </body> `~~~` | \\ " \u202e \x1b[31m --'


def case(title="Approve invoices", **answers):
    given = answers or {"known_rules": "yes", "language_and_tools": "no", "steps_fixed": "yes"}
    return Case(title=title, answers={signal: (Answer(answer=value),) for signal, value in given.items()})


def written(folder, format, title="Approve invoices", name="report"):
    path = folder / f"{name}.{format}"
    write_report(make_dossier(case(title), LIBRARY), path, format, overwrite=True)
    return path


def snapshot_file(folder, text="scoper: 1\ntitle: x\nanswers: {known_rules: yes}\n", today="2026-11-22", name=""):
    path = folder / "case.yaml"
    path.write_text(text)
    from scoper.services.cases import read_case

    return keep(take(read_case(path, LIBRARY.questions), LIBRARY, today, name=name), folder / "snapshots")


def failed(found):
    return [check.what for check in found.checks if not check.holds]


@pytest.mark.slow
@pytest.mark.parametrize("format", ["md", "html", "json"])
@pytest.mark.parametrize("title", ["Approve invoices", HOSTILE])
def test_a_report_as_it_was_written_holds_whatever_is_said_in_it(tmp_path, format, title):
    found = verify(written(tmp_path, format, title), LIBRARY)

    assert (found.holds, failed(found)) == (True, [])
    assert {"seal", "answers", "rules", "verdict"} <= {check.what for check in found.checks}


@pytest.mark.slow
@pytest.mark.parametrize(
    "format", ["md", pytest.param("html", marks=pytest.mark.slow), pytest.param("json", marks=pytest.mark.slow)]
)
def test_a_report_of_which_any_one_byte_was_changed_does_not_hold(tmp_path, format):
    path = written(tmp_path, format)
    whole = path.read_bytes()
    rng = random.Random(7)
    for place in [0, len(whole) - 1, *rng.sample(range(len(whole)), 40)]:
        other = rng.choice([byte for byte in (32, 48, 97, 10, 125) if byte != whole[place]])
        changed = [whole[:place] + bytes([other]) + whole[place + 1 :], whole[:place] + whole[place + 1 :]]
        for data in changed:
            path.write_bytes(data)
            try:
                assert "seal" in failed(verify(path, LIBRARY)), (place, other)
            except InputError:  # not even readable as a report
                continue


def test_a_verdict_that_does_not_follow_is_named_even_when_the_seal_was_made_anew(tmp_path):
    path = written(tmp_path, "json")
    document = json.loads(path.read_text())
    document.pop("seal")
    document["verdict"]["technique"] = "llm_orchestration"
    path.write_text(sealed_json(document))

    found = verify(path, LIBRARY)

    assert failed(found) == ["verdict.technique"]
    (wrong,) = [check for check in found.checks if not check.holds]
    assert '"llm_orchestration"' in wrong.sentence
    assert '"plain_automation"' in wrong.sentence


def test_answers_that_were_changed_along_with_the_seal_have_another_digest(tmp_path):
    path = written(tmp_path, "json")
    document = json.loads(path.read_text())
    document["case"]["answers"]["known_rules"][0]["answer"] = "no"
    path.write_text(sealed_json(document))

    assert "answers" in failed(verify(path, LIBRARY))


def test_other_rules_are_said_and_the_verdict_by_them_too(tmp_path):
    found = verify(written(tmp_path, "md"), replace(LIBRARY, digest="f" * 16))

    assert failed(found) == ["rules"]
    assert any("by the present rules, plain_automation" in check.sentence for check in found.checks)


def test_changed_line_ends_are_told_as_such(tmp_path):
    path = written(tmp_path, "md")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert verify(path, LIBRARY).checks[0].sentence.startswith("only the line ends")


def test_figures_beside_a_report_are_compared(tmp_path):
    from scoper.services.verifying_seal import sealed_text

    figure = tmp_path / "report_figures" / "curve.svg"
    figure.parent.mkdir()
    figure.write_text("<svg/>")
    path = tmp_path / "report.md"
    path.write_text(sealed_text("# x\n", make_dossier(case(), LIBRARY), {"report_figures/curve.svg": "<svg/>"}))
    assert verify(path, LIBRARY).holds

    figure.write_text("<svg />")
    assert failed(verify(path, LIBRARY)) == ["figure"]
    figure.unlink()
    assert failed(verify(path, LIBRARY)) == ["figure"]


def test_the_case_of_today_is_compared_answer_by_answer(tmp_path):
    path = written(tmp_path, "md")

    assert verify(path, LIBRARY, lambda _: case()).holds
    now = verify(path, LIBRARY, lambda _: case(known_rules="no", language_and_tools="no", steps_fixed="yes"))
    assert [check.sentence for check in now.checks if not check.holds] == ["answers changed since: known_rules"]


@pytest.mark.parametrize("text", ["# Notes\n", "{}", '{"a": 1}', "", "scoper: 1\n"])
def test_a_file_that_never_was_a_report_is_refused(tmp_path, text):
    path = tmp_path / "notes.md"
    path.write_text(text)

    with pytest.raises(InputError):
        verify(path, LIBRARY)


def test_a_report_without_a_seal_is_said_to_have_none(tmp_path):
    path = written(tmp_path, "json")
    document = json.loads(path.read_text())
    document.pop("seal")
    path.write_text(json.dumps(document))

    found = verify(path, LIBRARY)
    assert failed(found) == ["seal"]
    assert "there is none" in found.checks[0].sentence


def test_a_snapshot_holds_by_the_rules_it_brings_along(tmp_path):
    path, new = snapshot_file(tmp_path)

    assert new
    assert verify(path, replace(LIBRARY, digest="f" * 16)).holds
    assert read_snapshot(path).rules == LIBRARY.texts
    assert read_snapshot(path).case_text == (tmp_path / "case.yaml").read_text()


def test_a_snapshot_is_read_only_dated_and_never_replaced(tmp_path):
    first, _ = snapshot_file(tmp_path)
    again, new = snapshot_file(tmp_path)
    other, _ = snapshot_file(tmp_path, "scoper: 1\ntitle: x\nanswers: {known_rules: no}\n")
    later, _ = snapshot_file(tmp_path, today="2026-11-23", name="Board: ../x")

    assert (again, new) == (first, False)
    assert [p.name for p in (first, other, later)] == [
        "case-2026-11-22.json",
        "case-2026-11-22-2.json",
        "case-2026-11-23-board-x.json",
    ]
    assert {p.stat().st_mode & 0o222 for p in (first, other, later)} == {0}
    assert [snapshot.date for _, snapshot in snapshots_of(tmp_path / "case.yaml")] == [
        "2026-11-22",
        "2026-11-22",
        "2026-11-23",
    ]


def test_the_same_case_on_the_same_day_gives_the_same_bytes(tmp_path):
    file = CaseFile(tmp_path / "case.yaml", case(), "scoper: 1\n")
    texts = {snapshot_text(take(file, LIBRARY, "2026-11-22")) for _ in range(2)}

    assert len(texts) == 1
    assert seal_of(texts.pop()).holds


def test_a_changed_snapshot_is_no_basis_for_anything_and_verify_says_why(tmp_path):
    path, _ = snapshot_file(tmp_path)
    text = (
        path.read_text()
        .replace('"known_rules: yes', '"known_rules: no')
        .replace("{known_rules: yes}", "{known_rules: no}")
    )
    path.chmod(0o644)
    path.write_text(text)

    with pytest.raises(InputError, match="changed after it was taken"):
        read_snapshot(path)
    assert failed(verify(path, LIBRARY)) == ["seal", "case file"]


def test_a_snapshot_into_a_place_that_is_a_file_is_a_sentence(tmp_path):
    (tmp_path / "snapshots").write_text("x")

    with pytest.raises(StorageError):
        snapshot_file(tmp_path)
