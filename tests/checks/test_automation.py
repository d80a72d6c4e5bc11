"""Checks on past cases against figures that follow from how the cases were made."""

from __future__ import annotations

import datetime
import random

import numpy as np
import pytest

from scoper.checks.determinism import ceiling_of
from scoper.domain.questionnaire import Answer, Case
from scoper.errors import InputError, UsageError
from scoper.numerics.case_columns import Column
from scoper.numerics.case_tree import one_rule
from scoper.services.checking import offers
from scoper.services.library import load_library
from tests.checks.conftest import Run, codes, quantity

WEATHER = """outlook,temperature,humidity,windy,play
sunny,hot,high,no,no
sunny,hot,high,yes,no
overcast,hot,high,no,yes
rainy,mild,high,no,yes
rainy,cool,normal,no,yes
rainy,cool,normal,yes,no
overcast,cool,normal,yes,yes
sunny,mild,high,no,no
sunny,cool,normal,no,yes
rainy,mild,normal,no,yes
sunny,mild,normal,yes,yes
overcast,mild,high,yes,yes
overcast,hot,normal,no,yes
rainy,mild,high,yes,no
"""


def made(n: int, noise: float, seed: int, inputs: int = 10, change_at: int | None = None) -> str:
    """n cases: accept up to 100, ask beyond; a share `noise` turned round; the rule reversed from `change_at` on."""
    rng = random.Random(seed)
    rows = ["amount,kind,day,decision"]
    for i in range(n):
        amount, kind = 20 * rng.randrange(1, inputs + 1), rng.choice(["a", "b"])
        ask = (amount > 100) != (rng.random() < noise)
        ask = ask != (change_at is not None and i >= change_at)
        day = datetime.date(2025, 1, 1) + datetime.timedelta(days=i // 4)
        rows.append(f"{amount},{kind},{day},{'ask' if ask else 'accept'}")
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("noise", [0.02, 0.1, 0.3])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_ceiling_of_cases_with_known_noise_lies_in_its_interval(run: Run, noise: float, seed: int) -> None:
    result = run("determinism", cases=made(1500, noise, seed), ignore="day")
    found = quantity(result, "determinism ceiling")

    assert found.low is not None
    assert found.high is not None
    assert found.low - 0.01 <= 1.0 - noise <= found.high + 0.01
    assert ("hidden_judgement" in codes(result)) == (noise > 0.02)


def test_single_inputs_are_left_out_of_the_ceiling() -> None:
    # 400 inputs, most seen once or twice, a tenth decided against the rule: the naive share is far above 0.9.
    rng = np.random.default_rng(4)
    groups = rng.integers(400, size=600)
    decisions = ((groups % 2 == 0) != (rng.random(600) < 0.1)).astype(np.int64)
    table = np.zeros((400, 2))
    np.add.at(table, (groups, decisions), 1)
    found = ceiling_of(groups, decisions, 2, rng)

    assert table.max(axis=1).sum() / 600 > 0.93
    assert found is not None
    assert found.interval[0] < 0.9 < found.interval[1]
    assert found.low <= found.high


def test_a_ceiling_is_not_claimed_where_no_input_repeats(run: Run) -> None:
    rows = "\n".join(f"{i * 1.37:.2f},{'yes' if i % 3 else 'no'}" for i in range(40))
    result = run("determinism", cases=f"size,ok\n{rows}\n")

    assert "no_repeats" in codes(result)
    assert result.outcome.headline.startswith("No input occurs twice")


def test_one_rule_on_the_weather_cases_makes_four_errors_with_outlook() -> None:
    # Witten and Frank, Data Mining, table 4.1: outlook 4/14, temperature 5/14, humidity 4/14, windy 5/14.
    rows = [line.split(",") for line in WEATHER.split()[1:]]
    play = np.array([row[-1] == "yes" for row in rows], dtype=np.int64)
    errors = []
    for j in range(4):
        words = tuple(sorted({row[j] for row in rows}))
        column = Column(str(j), np.array([words.index(row[j]) for row in rows], dtype=float), words)
        errors.append(int((one_rule(column, play, 2).predict(column) != play).sum()))

    assert errors == [4, 5, 4, 5]


def test_the_rule_that_made_the_cases_is_found_and_its_exceptions_listed(run: Run) -> None:
    result = run("rule_learnability", cases=made(800, 0.03, 5), ignore="day")
    found = quantity(result, "tree of depth 1")
    rules = result.outcome.listings[1]

    assert found.low is not None
    assert found.high is not None
    assert found.low <= 0.97 <= found.high
    assert {row[0] for row in rules.rows} == {"amount <= 100", "amount > 100"}
    assert result.outcome.listings[2].title.startswith("Exceptions")
    assert [said.answer for said in result.outcome.speaks] == ["partly"]


def test_decisions_by_chance_have_no_rule(run: Run) -> None:
    result = run("rule_learnability", cases=made(400, 0.5, 6), ignore="day")

    assert "no_rule_found" in codes(result)
    assert result.outcome.speaks == ()


def test_depth_two_is_needed_for_an_exclusive_or_and_found(run: Run) -> None:
    rng = random.Random(2)
    rows = [f"{a},{b},{'x' if a != b else 'y'}" for a, b in ((rng.choice("pq"), rng.choice("pq")) for _ in range(300))]
    result = run("rule_learnability", cases="a,b,c\n" + "\n".join(rows) + "\n")

    assert quantity(result, "tree of depth 2").value == 1.0
    assert quantity(result, "rules that cover 99 %").value == 4.0


def test_a_reversed_rule_is_drift_and_a_kept_one_is_not(run: Run) -> None:
    kept = run("drift", cases=made(800, 0.05, 7), time="day")
    turned = run("drift", cases=made(800, 0.05, 7, change_at=400), time="day")

    assert "rules_changed" not in codes(kept)
    assert "rules_changed" in codes(turned)
    assert turned.outcome.listings[0].title == "Rules that broke"


@pytest.mark.slow
def test_drift_is_claimed_in_at_most_five_percent_of_steady_files(run: Run) -> None:
    claimed = sum(
        "rules_changed" in codes(run("drift", cases=made(120, 0.2, seed), ignore="day")) for seed in range(20)
    )

    assert claimed <= 4  # two tests at 5 %; more than 4 of 20 would happen in 1.6 % of suites at 10 %


@pytest.mark.parametrize(("check", "hint"), [("determinism", "--inputs day"), ("drift", "--time day")])
def test_a_column_of_dates_is_named_and_not_silently_used(run: Run, check: str, hint: str) -> None:
    result = run(check, cases=made(120, 0.0, 3))
    found = [fault for fault in result.outcome.faults if fault.code == "looks_like_time"]

    assert len(found) == 1
    assert hint in found[0].remedy
    assert "looks_like_time" not in codes(run(check, cases=made(120, 0.0, 3), ignore="day"))


@pytest.mark.parametrize("check", ["rule_learnability", "drift"])
def test_a_column_of_dates_enters_no_rule_and_no_comparison_unless_it_is_named(run: Run, check: str) -> None:
    cases = made(120, 0.0, 3)
    plain, without = run(check, cases=cases), run(check, cases=cases, ignore="day")

    assert plain.outcome.listings == without.outcome.listings
    assert plain.outcome.quantities == without.outcome.quantities
    named = run("drift", cases=cases, inputs="amount,kind,day")
    assert "day" in [row[0] for row in named.outcome.listings[-1].rows]


def test_rules_that_decide_nearly_every_case_speak_for_yes(run: Run) -> None:
    # 4,000 of 4,000: the exact lower end is 0.025 ** (1 / 4000) = 0.9991, above 0.99
    (said,) = run("rule_learnability", cases=made(4000, 0.0, 5)).outcome.speaks

    assert (said.signal, said.answer) == ("known_rules", "yes")


def test_rules_that_miss_a_few_cases_contradict_no_yes_of_the_owner(run: Run) -> None:
    library = load_library()
    result = run("rule_learnability", cases=made(800, 0.03, 5))

    def offered(answer: str) -> list[str]:
        case = Case(title="Returns", answers={"known_rules": (Answer(answer=answer),)})
        return [each.proposal.answer for each in offers(case, [result], library.questions)]

    assert offered("yes") == []
    assert offered("no") == ["partly"]


def test_dates_that_people_decide_by_are_no_order_of_the_cases(run: Run) -> None:
    # three renewal days, each many times and in no order: an input like any other
    rows = "".join(f"2025-0{1 + (7 * i) % 3}-01,{'yes' if i % 3 else 'no'}\n" for i in range(60))

    assert "looks_like_time" not in codes(run("determinism", cases=f"renewal,ok\n{rows}"))


def test_a_date_that_is_none_is_refused_with_its_place(run: Run) -> None:
    text = made(20, 0.0, 1).replace("2025-01-03", "3.1.25", 1)
    with pytest.raises(InputError) as caught:
        run("drift", cases=text, time="day")

    problem = caught.value.problems[0]
    assert (problem.line, problem.column) == (10, text.splitlines()[9].index("3.1.25") + 1)


def test_a_written_table_is_verified_and_held_against_past_cases(run: Run) -> None:
    table = "amount {0..1000},kind {a,b},-> decision\n<= 100,-,accept\n> 100,-,ask\n"
    sound = run("decision_table", table=table, cases=made(400, 0.0, 3))
    holed = run("decision_table", table=table.replace("> 100", "> 150"), cases=made(400, 0.0, 3))

    assert codes(sound) == []
    assert quantity(sound, "past cases decided as they were").value == 1.0
    assert [said.answer for said in sound.outcome.speaks] == ["yes"]
    assert {"gap", "not_covered"} <= set(codes(holed))


def test_a_note_of_a_line_is_no_output_and_a_table_of_two_outputs_is_held_to_the_one_that_is_recorded(run: Run) -> None:
    cases = "amount,decision\n50,accept\n150,ask\n90,accept\n120,accept\n"
    noted = "amount,-> decision,# because\n<= 100,accept,law 4\n<= 60,accept,law 5\n> 100,ask,law 6\n"
    two = "amount,-> decision,-> letter\n<= 100,accept,A1\n> 100,ask,B2\n"

    found = run("decision_table", table=noted, cases=cases)
    differing = run("decision_table", table=noted.replace("# because", "-> because"))
    assert quantity(found, "past cases decided as they were").value == 0.75
    assert ("conflict" in codes(found), "conflict" in codes(differing)) == (False, True)
    assert quantity(run("decision_table", table=two, cases=cases), "past cases decided as they were").value == 0.75


def test_break_even_follows_its_formula(run: Run) -> None:
    # 1,000 cases x 0.5 x 6/60 h x 40 = 2,000 a month, less 500: 18,000 / 1,500 = 12 months.
    given = {"volume": "1000", "minutes": "6", "hourly": "40", "share": "0.5", "build": "18000", "running": "500"}
    result = run("break_even", **given)

    assert quantity(result, "saved a month").value == pytest.approx(1500.0)
    assert quantity(result, "months to pay back").value == pytest.approx(12.0)
    assert quantity(result, "cases a month").value == pytest.approx(1000.0)


def test_ranges_give_ends_and_name_the_number_that_decides(run: Run) -> None:
    given = {"volume": "1000", "minutes": "3..6", "hourly": "40", "share": "0.5", "build": "18000"}
    result = run("break_even", **given)
    months = quantity(result, "months to pay back")

    assert (months.low, months.high) == (pytest.approx(9.0), pytest.approx(18.0))
    assert "minutes" in result.outcome.headline
    with pytest.raises(UsageError, match="is no share"):
        run("break_even", **{**given, "share": "30"})
