"""Which changes moved a verdict: held against trying every set of them."""

from itertools import combinations

import numpy as np
import pytest

from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.moves import ASPECTS, applied, differing, moves, technique_moves
from scoper.reasoning.verdict import headline
from scoper.services.library import load_library

pytestmark = pytest.mark.slow

LIBRARY = load_library()
PACK = LIBRARY.pack


def some_knowledge(rng, known, doubted):
    facts = {s: str(rng.choice(PACK.known_values(s))) for s in PACK.questions if rng.random() < known}
    reliability = {s: float(rng.choice([0.6, 0.85])) for s in facts if rng.random() < doubted}
    return Knowledge(PACK, facts, reliability)


def pairs(n, at_most, seed=11):
    rng = np.random.default_rng(seed)
    for k in range(n):
        before = some_knowledge(rng, (0.3, 0.7, 1.0)[k % 3], 0.3 * (k % 2))
        other = some_knowledge(rng, 0.9, 0.3 * (k % 2))
        chosen = rng.choice(list(PACK.questions), size=int(rng.integers(1, at_most + 1)), replace=False)
        yield before, applied(before, other, [str(s) for s in chosen])


def by_trying(before, after, value):
    """All smallest sets of changes that move `value`, by trying every one."""
    found = {}
    for size in range(1, len(differing(before, after)) + 1):
        for chosen in combinations(differing(before, after), size):
            if not any(known <= frozenset(chosen) for known in found):
                to = value(applied(before, after, chosen))
                if to != value(before):
                    found[frozenset(chosen)] = to
    return found


def test_what_moves_the_technique_is_what_trying_every_set_of_changes_finds():
    cases = list(pairs(60, 8))
    wanted = [by_trying(before, after, lambda k: k.technique) for before, after in cases]

    assert [
        {frozenset(signals): to for signals, to in technique_moves(before, after, differing(before, after))}
        for before, after in cases
    ] == wanted
    assert sum(map(len, wanted)) > 10
    assert max(len(one) for found in wanted for one in found) > 1


def test_every_named_change_moves_the_verdict_when_it_is_applied_alone():
    seen = 0
    for before, after in pairs(120, 9, seed=5):
        for move in moves(before, after).moves:
            seen += 1
            place = ASPECTS.index(move.aspect)
            moved = headline(applied(before, after, move.signals))[place]
            assert moved == move.to != headline(before)[place]
    assert seen > 30


def test_a_change_of_readiness_or_family_has_no_part_that_moves_the_technique():
    for before, after in pairs(40, 9, seed=6):
        found = moves(before, after).moves
        techniques = [set(move.signals) for move in found if move.aspect == "technique"]
        others = [set(move.signals) for move in found if move.aspect != "technique"]
        assert not [other for other in others for technique in techniques if technique <= other]


def test_nothing_moves_between_equal_states():
    before, _ = next(pairs(1, 3))

    assert moves(before, before).moves == ()
    assert differing(before, before) == ()


def test_an_answer_that_is_only_relied_on_less_is_a_change_too():
    sure = Knowledge(PACK, {"known_rules": "yes"})
    doubted = Knowledge(PACK, {"known_rules": "yes"}, {"known_rules": 0.6})

    assert differing(sure, doubted) == ("known_rules",)


def test_where_the_rules_changed_they_are_one_of_the_changes():
    from dataclasses import replace

    (table,) = PACK.of_kind("technique")
    first = min(table.rules, key=lambda rule: rule.order)
    other = "contextual_bandit" if first.then != "contextual_bandit" else "plain_automation"
    always = replace(first, id="always", order=-1, when={}, then=other)
    changed = replace(table, rules=(always, *table.rules))
    pack = replace(PACK, tables=tuple(changed if t.id == table.id else t for t in PACK.tables))
    facts = {"known_rules": "yes", "language_and_tools": "no", "steps_fixed": "yes"}
    before, after = Knowledge(PACK, facts), Knowledge(PACK, facts)

    found = moves(before, after, (Knowledge(pack, facts), Knowledge(pack, facts))).moves

    assert [(move.aspect, move.signals, move.rules, move.to) for move in found] == [("technique", (), True, other)]


@pytest.mark.parametrize("n", [20])
def test_with_many_changes_it_says_up_to_which_size_family_and_readiness_were_tried(n):
    rng = np.random.default_rng(1)
    before, after = some_knowledge(rng, 1.0, 0.0), some_knowledge(rng, 1.0, 0.0)
    found = moves(before, applied(before, after, differing(before, after)[:n]))

    assert found.up_to["technique"] is None
    assert found.up_to["readiness"] in range(1, n)
