"""Which configuration file counts, what it may say, and how its faults are told."""

import pytest

from scoper.errors import InputError
from scoper.services.config_files import find_project_file, project_root, read_config
from scoper.services.settings import NEVER, SETTINGS


def written(folder, text, name="scoper.toml"):
    path = folder / name
    path.write_text(text)
    return path


def problems_of(path, scope="project"):
    with pytest.raises(InputError) as caught:
        read_config(path, scope, "file")
    return [(each.line, each.column, each.sentence()) for each in caught.value.problems]


def test_the_nearest_file_counts_and_scoper_toml_goes_before_pyproject(tmp_path):
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    top = written(tmp_path, "")
    assert find_project_file(inner, None) == top

    shared = written(tmp_path / "a", "[tool.scoper]\n", "pyproject.toml")
    assert find_project_file(inner, None) == shared

    own = written(tmp_path / "a", "")
    assert find_project_file(inner, None) == own
    assert project_root(inner) == tmp_path / "a"


@pytest.mark.parametrize(
    "text",
    ["[tool.scoper]\nrun = {seed = 1}", "[tool.scoper.run]\nseed = 1", "[tool]\nscoper.run.seed = 1",
     "tool.scoper.run.seed = 1", '[tool."scoper".run]\nseed = 1', "[ tool . scoper ]\nrun.seed = 1"],
)  # fmt: skip
def test_a_pyproject_counts_however_its_table_is_written(tmp_path, text):
    path = written(tmp_path, text, "pyproject.toml")

    assert find_project_file(tmp_path, None) == path
    assert read_config(path, "project").settings["run.seed"].value == 1


def test_a_pyproject_that_only_mentions_scoper_is_passed_over(tmp_path):
    written(tmp_path, '[project]\ndependencies = ["problem-scoper"]\n# [tool.scoper]\n', "pyproject.toml")

    assert find_project_file(tmp_path, tmp_path) is None


@pytest.mark.parametrize(
    "content", [b"\xff\xfe[tool.scoper]", b"# " + b"x" * 1_100_000 + b"\n[tool.scoper]\n", b"[tool"]
)
def test_a_pyproject_of_other_tools_that_is_no_use_stops_nothing(tmp_path, content):
    (tmp_path / "pyproject.toml").write_bytes(content)

    assert find_project_file(tmp_path, tmp_path) is None


def test_a_pyproject_with_settings_of_scoper_that_is_no_toml_is_told(tmp_path):
    written(tmp_path, "[tool.scoper]\nseed = = 1\n", "pyproject.toml")

    with pytest.raises(InputError, match=r"pyproject.toml:2:8: this is not TOML"):
        find_project_file(tmp_path, tmp_path)


def test_the_search_ends_at_a_repository_and_at_home(tmp_path):
    inner = tmp_path / "repo" / "sub"
    inner.mkdir(parents=True)
    written(tmp_path, "")

    assert find_project_file(inner, None) == tmp_path / "scoper.toml"
    assert find_project_file(inner, tmp_path / "repo") is None
    (tmp_path / "repo" / ".git").mkdir()
    assert find_project_file(inner, None) is None


def test_a_file_above_in_a_folder_that_everybody_may_write_to_is_never_read(tmp_path):
    inner = tmp_path / "shared" / "mine"
    inner.mkdir(parents=True)
    planted = written(tmp_path / "shared", 'probe.budget = "long"')
    assert find_project_file(inner, None) == planted

    (tmp_path / "shared").chmod(0o777)

    assert find_project_file(inner, None) is None


def test_values_are_read_with_their_places_and_dashes_are_underscores(tmp_path):
    path = written(tmp_path, '[probe]\nfail-on = "infeasible"\n  budget = 90\ndiscount = 1\n')

    found = read_config(path, "project").settings

    assert {key: (given.value, given.line, given.column) for key, given in found.items()} == {
        "probe.fail_on": ("infeasible", 2, 1),
        "probe.budget": ("90", 3, 3),
        "probe.discount": (1, 4, 1),
    }


def test_all_problems_come_at_once_in_file_order_with_place_and_nearest_spelling(tmp_path):
    path = written(tmp_path, 'rles = "x"\n[probe]\nfail_on = "infeasble"\nseed = -1\nbudgte = "x"\n[prob]\nseed = 1\n')

    told = problems_of(path)

    assert [place[:2] for place in told] == [(1, 1), (3, 1), (4, 1), (5, 1), (6, 2)]
    assert "did you mean 'rules'?" in told[0][2]
    assert "did you mean 'infeasible'?" in told[1][2]
    assert "a whole number from 0 to 2147483647" in told[2][2]
    assert "did you mean 'probe.budget'?" in told[3][2]
    assert "did you mean 'probe'?" in told[4][2]


@pytest.mark.parametrize("name", NEVER)
@pytest.mark.parametrize("scope", ["project", "user", "named"])
@pytest.mark.parametrize("table", ["", "[probe]\n", "[run]\n"])
def test_no_file_whoever_wrote_it_lets_code_run_or_writes_or_sends(tmp_path, name, scope, table):
    ((line, column, sentence),) = problems_of(written(tmp_path, f"{table}{name} = true"), scope)

    assert (line, column) == (1 + bool(table), 1)
    assert f"'{name}' cannot be set in a file" in sentence


@pytest.mark.parametrize("key", sorted(key for key, setting in SETTINGS.items() if setting.personal))
def test_what_belongs_to_the_person_cannot_come_with_a_project(tmp_path, key):
    path = written(tmp_path, f"{key} = {'true' if SETTINGS[key].kind == 'switch' else '{}'}")

    ((_, _, sentence),) = problems_of(path)

    assert "belongs to each person" in sentence
    assert SETTINGS[key].variable in sentence


def test_the_rules_of_a_project_lie_in_it_wherever_links_lead(tmp_path):
    project, outside = tmp_path / "project", tmp_path / "outside"
    project.mkdir()
    outside.mkdir()
    (project / "link").symlink_to(outside)
    for name in ("../outside", "link", str(outside), "link/../../outside"):
        ((line, column, sentence),) = problems_of(written(project, f"rules = {name!r}"))
        assert (line, column) == (1, 1)
        assert "outside of the project" in sentence

    path = written(project, 'rules = "ours"')

    assert read_config(path, "project").settings["rules"].value == str(project / "ours")
    assert read_config(written(project, f"rules = {str(outside)!r}"), "user").settings["rules"].value == str(outside)


@pytest.mark.parametrize(
    ("text", "line"),
    [("[probe\n", 1), ('a = 1\nb = "\n', 2), ("a = " + "9" * 5000, 0), ("a = " + "[" * 50_000, 0), ("a = 1\na = 2", 2)],
)
def test_what_is_no_toml_is_one_sentence(tmp_path, text, line):
    ((at, _, sentence),) = problems_of(written(tmp_path, text))

    assert at == line
    assert "\n" not in sentence


def test_keys_of_the_interface_may_be_written_with_and_without_quotes(tmp_path):
    path = written(tmp_path, '[tui.keymap]\n"interview.undo" = "z"\nverdict.back = "b"\n')

    value = read_config(path, "user").settings["tui.keymap"].value

    assert value == {"interview.undo": "z", "verdict.back": "b"}
