"""Which MDP template a case gets, and the sentence that says why."""

from pathlib import Path

import pytest
import yaml

from scoper.domain.questionnaire import Answer, Case
from scoper.errors import InputError
from scoper.services.library import load_library
from scoper.services.mdp_templates import SKELETON, Topic, load_templates
from scoper.services.template_picks import choose, rank

pytestmark = pytest.mark.slow

LIBRARY = load_library()
TEMPLATES = load_templates(LIBRARY)
DATA = Path(__file__).parent.parent / "data"
SEEN, LATER = (
    yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    for name in ("template_cases.yaml", "template_cases_later.yaml")
)


def case_of(title, summary="", **answers):
    return Case(title=title, summary=summary, answers={key: (Answer(answer=value),) for key, value in answers.items()})


def pick(entry):
    made = case_of(entry["title"], entry["summary"], **entry.get("answers", {}))
    ranking = rank(made.model_copy(update={"domain": entry.get("domain")}), TEMPLATES.values())
    return next((fit.template.id for fit in ranking if fit.near), SKELETON)


def share_right(entries):
    return sum((pick(entry) in entry["expected"]) for entry in entries) / len(entries)


def test_problems_that_a_template_is_about_get_one_that_a_modeller_would_start_from():
    assert share_right([entry for entry in SEEN if entry["expected"]]) >= 0.95
    assert share_right([entry for entry in LATER if entry["expected"]]) >= 0.85


def test_problems_that_no_template_is_about_get_the_empty_frame():
    others = [entry for entry in SEEN + LATER if not entry["expected"]]

    assert sum(pick(entry) != SKELETON for entry in others) <= 0.1 * len(others)


def test_every_template_but_the_frame_is_wanted_by_a_written_problem():
    assert {name for entry in SEEN for name in entry["expected"]} == TEMPLATES.keys() - {SKELETON}


@pytest.mark.parametrize("name", sorted(TEMPLATES.keys() - {SKELETON}))
def test_no_single_word_picks_a_template_however_often_it_stands_there(name):
    for topic in TEMPLATES[name].topics:
        for word in topic.words:
            plain = word.removesuffix("*")
            fits = rank(case_of(f"{plain} {plain}", f"{plain}, {plain} and {plain}"), TEMPLATES.values())
            assert not any(fit.near for fit in fits), word


def test_one_topic_alone_picks_no_template_even_in_many_words():
    assert choose(case_of("Stock, inventory, shelf and warehouse"), LIBRARY).template.id == SKELETON


def test_the_reason_names_the_words_the_fitting_answers_and_the_runners_up():
    choice = choose(case_of("Reorder stock", "Demand for the product is random.", horizon="long"), LIBRARY)

    assert choice.template.id == "inventory"
    assert "stock ('stock')" in choice.because
    assert "'reorder'" in choice.because
    assert "its answer on 'horizon' fits" in choice.because
    assert choice.because.endswith("; next nearest: reorder_point")
    assert choice.runners_up == ("reorder_point",)


def test_answers_can_speak_against_a_template_that_the_words_suggest():
    words = ("Reorder stock", "Demand for the product is random.")
    choice = choose(case_of(*words, sequential_delayed="no", horizon="one_step"), LIBRARY)

    assert choice.template.id == SKELETON
    assert "does not fit the answers on 'sequential with delayed effect' and 'horizon'" in choice.because


def test_words_can_speak_against_a_template():
    moves = "It must find a path around every obstacle and reach its goal"
    vehicle = choose(case_of("Forklift robot", moves), LIBRARY)
    arm = rank(case_of("Robot arm", f"{moves} with its gripper."), [TEMPLATES["grid_navigation"]])[0]

    assert vehicle.template.id == "grid_navigation"
    assert arm.words == rank(case_of("Robot", moves), [TEMPLATES["grid_navigation"]])[0].words - 3
    assert "limbs" not in vehicle.because


def test_answers_alone_never_pick_a_template():
    fitting = {"sequential_delayed": "yes", "horizon": "long", "state_space": "enumerable", "exploration_safe": "no"}

    assert choose(case_of("A matter", "Nothing is said.", **fitting), LIBRARY).template.id == SKELETON


def test_the_frame_says_which_template_was_nearest_and_what_it_lacked():
    choice = choose(case_of("A stock of ideas"), LIBRARY)

    assert choice.template.id == SKELETON
    assert "shares only 'stock' with the case" in choice.because
    assert choose(case_of("Xyz"), LIBRARY).because == "no other template shares a word with the case"


def test_plurals_hyphens_and_endings_do_not_hide_a_word_and_longer_words_are_not_taken_for_it():
    def words_of(summary):
        fits = rank(case_of("T", summary), [TEMPLATES["traffic_signal"]])
        return set(fits[0].shared.get("junction", ()))

    assert words_of("Two intersections with Traffic-Lights.") == {"intersections", "traffic lights"}
    assert words_of("A signalised place") == {"signalised"}
    assert words_of("The intersectional view of a conjunction") != {"conjunction"}


def test_a_piece_of_text_counts_for_one_topic_only():
    fit = rank(case_of("Heat pump"), [TEMPLATES["data_centre_cooling"]])[0]

    assert dict(fit.shared) == {"regulated": ("heat pump",)}


def overlay(tmp_path, text):
    folder = tmp_path / "mdp_templates"
    folder.mkdir()
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    return load_library(tmp_path)


PLAIN = TEMPLATES["inventory"].spec.replace("\n", "\n  ")


def test_a_template_of_ones_own_may_list_bare_words_and_bare_answers(tmp_path):
    head = "id: mine\nsummary: Mine.\nsource: me (2020)\nkeywords: [zebra, gnu, okapi]\nprefers: {horizon: long}\n"
    library = overlay(tmp_path, f"{head}spec: |\n  {PLAIN}\nexample: {{}}\n")

    mine = load_templates(library)["mine"]
    assert mine.topics[0] == Topic("zebra", 1.0, ("zebra",))
    assert mine.prefers == {"horizon": {"long": 1.0}}
    assert choose(case_of("Zebras, gnus and an okapi"), library).template.id == "mine"


def test_faults_of_a_template_are_named_all_at_once_with_their_places(tmp_path):
    head = "id: other\nsummary: Mine.\nsource: me (2020)\nkeywords:\n  a: {wait: 2, words: [x]}\n"
    library = overlay(tmp_path, f"{head}  b: {{weight: 99, words: [y]}}\nspec: |\n  {PLAIN}\nexample: {{}}\n")
    with pytest.raises(InputError) as caught:
        load_templates(library)

    assert [problem.line for problem in caught.value.problems] == [1, 5, 5, 6]
    assert "did you mean 'weight'?" in caught.value.problems[2].sentence() + caught.value.problems[1].sentence()
