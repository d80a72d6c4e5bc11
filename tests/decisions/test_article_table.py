"""The article's six rows alone, in all 64 combinations, against its prose."""

from itertools import product

import pytest

from scoper.domain.questionnaire import Answer, Case
from scoper.services.library import load_library
from scoper.services.scoping import assess

LIBRARY = load_library()
ROWS = tuple(sorted((q.row, q.id) for q in LIBRARY.questions.values() if q.row))
COMBINATIONS = list(product((True, False), repeat=6))


def verdict_of(ticks):
    answers = {signal: (Answer(answer="yes" if tick else "no"),) for (_, signal), tick in zip(ROWS, ticks, strict=True)}
    return assess(Case(title="six rows", answers=answers), LIBRARY)


def prose(ticks):
    """What the article's prose concludes: necessary conditions of RL, and one row for each of the others."""
    reward, simulator, sequence, language, rules, records = ticks
    fires = {
        "reinforcement_learning": reward and simulator and sequence,
        "llm_orchestration": language,
        "plain_automation": rules,
        "supervised_learning": records,
    }
    return {technique for technique, fired in fires.items() if fired}, simulator and records


DECIDED = [ticks for ticks in COMBINATIONS if len(prose(ticks)[0]) == 1 and not prose(ticks)[1]]
OPEN = [ticks for ticks in COMBINATIONS if not prose(ticks)[0] and not prose(ticks)[1]]
CONFLICTING = [ticks for ticks in COMBINATIONS if len(prose(ticks)[0]) > 1 or prose(ticks)[1]]


def test_the_prose_splits_the_64_combinations_into_19_decided_7_open_and_38_conflicting():
    assert (len(DECIDED), len(OPEN), len(CONFLICTING)) == (19, 7, 38)


@pytest.mark.parametrize("ticks", DECIDED)
def test_where_the_prose_decides_the_verdict_says_the_same(ticks):
    verdict = verdict_of(ticks)

    assert {verdict.technique} == prose(ticks)[0]
    assert verdict.reasons


@pytest.mark.parametrize("ticks", OPEN)
def test_where_no_row_fires_the_verdict_is_undecided_and_asks_on(ticks):
    verdict = verdict_of(ticks)

    assert verdict.technique == "undecided"
    assert verdict.next_questions


@pytest.mark.parametrize("ticks", CONFLICTING)
def test_where_rows_pull_apart_the_conflict_is_stated_or_the_verdict_is_undecided(ticks):
    verdict = verdict_of(ticks)

    assert verdict.technique == "undecided" or verdict.conflicts


def test_the_two_doubtful_cells_never_speak():
    verdict = verdict_of((True,) * 6)
    soft = [cell for cell in verdict.cells if cell.mark == "soft"]

    assert {(cell.signal, cell.technique) for cell in soft} == {
        ("sequential_delayed", "llm_orchestration"),
        ("data_without_environment", "llm_orchestration"),
    }
    assert not any(cell.spoke for cell in soft)


def test_nothing_known_leaves_every_technique_possible():
    verdict = assess(Case(title="nothing"), LIBRARY)

    assert verdict.technique == "undecided"
    assert len(verdict.possible) == 7
    assert not verdict.settled
