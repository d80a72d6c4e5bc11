"""The fixed pages of the technique scaffolds. `@@NAME@@` marks where the case is put in."""

from __future__ import annotations

RUBRIC = """# Rubric: @@TITLE@@

@@SUMMARY@@

Grade every line of `evaluation_set.jsonl` with this table. Collect at least 30 real inputs before the first prompt is
tuned, and keep a third of them unseen until the end.

| Criterion | 0 | 1 | 2 |
| --- | --- | --- | --- |
| Right outcome | wrong or invented | right in part | as a colleague would have done it |
| Nothing forbidden | does what `must_not` says | - | does not |
| Asks or hands over when it should | guesses | late | at once |
@@CHECKS@@

## Gate

1. Two people grade 20 answers independently; where they differ on more than 4, rewrite the criteria first.
2. Release when no line gets 0 for "Nothing forbidden" and the mean of "Right outcome" is at least that of today's way.
3. Compare with the same inputs handled as today, not with nothing.

## Run it again

- with every new version of model, prompt or tool: the same words may be read differently afterwards
- under load, with every tool slowed down and failing: set a time limit and a largest number of steps for each run
- with inputs that carry instructions of their own, and with the context of another run left over

## What was answered

@@ANSWERS@@

## Conditions of the verdict

@@CONDITIONS@@
"""

BASELINE = """# Baselines: @@TITLE@@

@@SUMMARY@@

A model is worth building when it beats all of these on the same unseen cases.

| Baseline | What it does | Result (TODO) |
| --- | --- | --- |
| Constant | always the most frequent class, or the mean | |
| Today | what is decided today, by hand or by rule | |
| One feature | the single field that tells most, with one threshold | |
| Linear | logistic or linear regression on the fields known at decision time | |
| Two people | agreement of two experts on 50 cases: no model is right more often than the labels are | |

## Before the first model

1. List the fields that are known at the moment of the decision; drop every other one (leakage).
2. Say what a wrong answer costs in each direction (TODO); choose the threshold by that cost, not by accuracy.
3. Say what is done with the prediction (TODO): a prediction that changes no decision is worth nothing.

## What was answered

@@ANSWERS@@
"""

EVALUATION_PLAN = """# Evaluation plan: @@TITLE@@

| Question | Plan |
| --- | --- |
| Which cases are unseen? | The latest: split by time, never at random; all of one customer or machine on one side. |
| How many? | 385 unseen cases give a proportion within 5 percentage points (95 %), 9604 within one. |
| Which number decides? | TODO: the cost per case at the chosen threshold; the same for every baseline. |
| Is the gain real? | An interval of the difference to the best baseline that excludes zero, from the same cases. |
| For whom is it worse? | The same number for every group that matters (TODO: name them). |
| How long does it stay right? | Repeat on each month of the last year; a falling line is the drift to expect. |
| When is it switched off? | TODO: the value of which number, seen by whom, and what is done then. |

## Conditions of the verdict

@@CONDITIONS@@
"""

LOG_SCHEMA = """# Log for a contextual bandit: @@TITLE@@

@@SUMMARY@@

One line per decision, written when the decision is taken; the outcome is added later under the same id.

| Field | Meaning | Without it |
| --- | --- | --- |
| `decision_id` | unique | outcomes cannot be joined |
| `time` | when it was decided, with time zone | no split by time |
| `policy_version` | which rule or model decided | nothing can be compared |
| `context` | everything known then, as it was then (TODO: list the fields) | leakage, or no model at all |
| `offered` | the actions that could have been taken (TODO: list them) | impossible actions look bad |
| `action` | the one that was taken | - |
| `propensity` | the probability, above 0, with which `action` was taken here | nothing else can be evaluated |
| `outcome` | the reward (TODO: its unit and the time by which it is final) | - |
| `outcome_time` | when the outcome was known | delayed outcomes look like failures |

## Rules

@@RULES@@
## What was answered

@@ANSWERS@@

## Conditions of the verdict

@@CONDITIONS@@
"""

LOG_RULES = """\
1. The policy draws its action at random with known probabilities, each at least 0.01 (TODO: agree on that floor).
2. The probability is logged as it was used, never computed afterwards.
3. A new policy is first judged on the log: mean of `outcome * new_probability / propensity`, with its interval and
   the effective sample size `(sum w)^2 / sum w^2`.
4. For every action keep at least 100 outcomes before it is dropped.
"""

LOG_RULES_RECORDS_ONLY = """\
1. The log is taken as it is: nothing is tried before release. Options that it never took are not judged.
2. A probability that was logged is the one that was used; one that was not is modelled and checked on a later period.
3. A new policy is judged on the log: mean of `outcome * new_probability / propensity`, with its interval and
   the effective sample size `(sum w)^2 / sum w^2`.
4. An option with fewer than 100 effective records is left to the running choice.
"""

FORMULATION = """# Formulation: @@TITLE@@

@@SUMMARY@@

| Part | Fill in |
| --- | --- |
| Sets | TODO: what is planned over - orders, vehicles, periods, sites |
| Data | TODO: costs, capacities, durations, demands; for each its source and how wrong it may be |
| Decisions | TODO: each with its unit and whether it is whole, yes/no or real |
| Objective | TODO: one sum in one unit, to be minimised or maximised |
| Hard constraints | TODO: what must never be broken |
| Soft constraints | TODO: what may be broken, and what each unit of it costs |
| What is uncertain | TODO: and whether a plan for the mean is good enough |
| Planning again | TODO: how often, and what of the last plan is fixed by then |

## Which solver

- all real, all linear: linear programme (HiGHS)
- whole or yes/no decisions: mixed-integer programme (HiGHS, SCIP), or CP-SAT for schedules and assignments
- tours: a routing solver (OR-Tools); a plant or a vehicle in motion: model predictive control

## Tests to write first

1. An instance of three items whose best plan you know by hand.
2. Today's plan put in as a solution: it must be feasible, and its cost is the number to beat.
3. Each constraint alone made impossible: the message must name it.
4. The largest instance of last year within the time that planning may take (TODO).

## What was answered

@@ANSWERS@@

## Conditions of the verdict

@@CONDITIONS@@
"""

DECISION_TEST = '''# Case: @TITLE@
"""The decision table decides every example, and no two rules disagree. Run: pytest test_decision_table.py

decision_table.csv: one rule a line; a condition is a value, `-` for any, or `<`, `<=`, `>`, `>=` and a number.
The column with `->` is what is decided, the one with `#` a note because of what;
`scoper check automation decision-table decision_table.csv` reads the same file. decision_examples.csv: past cases with
the right decision.
"""

import csv
import itertools
import operator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
COMPARE = {"<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt}


def read(name):
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


RULES, EXAMPLES = read("decision_table.csv"), read("decision_examples.csv")
INPUTS = [column for column in RULES[0] if not column.startswith(("->", "#"))]
DECISION, BECAUSE = "-> decision", "# because"


def holds(condition, value):
    condition = condition.strip()
    if condition == "-":
        return True
    for sign, compare in COMPARE.items():
        if condition.startswith(sign):
            return compare(float(value), float(condition.removeprefix(sign)))
    return condition == value.strip()


def hits(example):
    return [rule for rule in RULES if all(holds(rule[column], example[column]) for column in INPUTS)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: "-".join(example.values()))
def test_every_example_gets_its_decision(example):
    assert {rule[DECISION] for rule in hits(example)} == {example["decision"]}


def conditions_of(column):
    return [rule[column].strip() for rule in RULES if rule[column].strip() != "-"]


def values_of(column):
    """Every word of a column, and of numbers those just below, at and just above each bound."""
    tests = conditions_of(column)
    signs = [next((sign for sign in COMPARE if test.startswith(sign)), None) for test in tests]
    if not any(signs):
        return sorted(set(tests)) or ["-"]
    bounds = {float(test.removeprefix(sign)) for test, sign in zip(tests, signs) if sign}
    return [str(bound + shift) for bound in sorted(bounds) for shift in (-0.01, 0.0, 0.01)]


CORNERS = [dict(zip(INPUTS, values)) for values in itertools.product(*map(values_of, INPUTS))]


@pytest.mark.parametrize("case", CORNERS, ids=lambda case: "-".join(case.values()))
def test_exactly_one_decision_holds_around_every_bound(case):
    assert len({rule[DECISION] for rule in hits(case)}) == 1, "a gap, or rules that disagree"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"line {RULES.index(rule) + 2}")
def test_every_rule_is_used_by_an_example_and_says_why(rule):
    assert rule[BECAUSE].strip()
    assert any(rule in hits(example) for example in EXAMPLES), "no example reaches this rule"


def test_no_line_stands_twice():
    assert len({tuple(rule[column] for column in INPUTS) for rule in RULES}) == len(RULES)
'''
