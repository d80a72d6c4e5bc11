"""Files of the scaffolds that are the same for everybody: state machine, exceptions, workflow, calls, harness.

`@TITLE@` marks the case's title in a comment on one line, `@NAME@` the same as a quoted
text; `@@NAME@@` as in `scoper.services.technique_texts`.
"""

from __future__ import annotations

STATE_MACHINE = """# Case: @TITLE@
# One case from its arrival to its end. test_state_machine.py holds it to: every state is reached, every state but the
# ends can leave, a state that is not left at once has a time limit, and every event is known. TODO: put your own here.
start: arrived
ends: [done, rejected]
events: [complete, incomplete, approved, refused, timeout, answered]
states:
  arrived:
    at_once: yes
    moves: {complete: deciding, incomplete: waiting_for_sender}
  waiting_for_sender:
    timeout: 5 days
    moves: {answered: arrived, timeout: with_a_person}
  deciding:
    timeout: 3 days
    moves: {approved: done, refused: rejected, incomplete: with_a_person, timeout: with_a_person}
  with_a_person:
    timeout: 2 days
    moves: {approved: done, refused: rejected, timeout: with_a_person}
"""

STATE_TEST = '''# Case: @TITLE@
"""The state machine is complete: run pytest test_state_machine.py. Needs PyYAML."""

from pathlib import Path

import pytest
import yaml

MACHINE = yaml.safe_load((Path(__file__).resolve().parent / "state_machine.yaml").read_text(encoding="utf-8"))
STATES, ENDS = MACHINE["states"], MACHINE["ends"]


def after(state):
    return set(STATES.get(state, {}).get("moves", {}).values())


def reached_from(start):
    seen, left = set(), [start]
    while left:
        state = left.pop()
        if state not in seen:
            seen.add(state)
            left += after(state)
    return seen


def test_every_state_is_reached():
    assert set(STATES) | set(ENDS) == reached_from(MACHINE["start"])


@pytest.mark.parametrize("state", STATES)
def test_from_every_state_an_end_is_reached(state):
    assert reached_from(state) & set(ENDS)


@pytest.mark.parametrize("state", STATES)
def test_every_transition_has_a_known_event_and_leads_to_a_known_state(state):
    assert set(STATES[state]["moves"]) <= set(MACHINE["events"])
    assert after(state) <= set(STATES) | set(ENDS)


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_left_at_once_or_has_a_time_limit_and_says_what_happens_then(state):
    assert STATES[state].get("at_once", False) != ("timeout" in STATES[state])
    assert ("timeout" in STATES[state]) == ("timeout" in STATES[state]["moves"])


@pytest.mark.parametrize("event", MACHINE["events"])
def test_every_event_is_used(event):
    assert any(event in state["moves"] for state in STATES.values())
'''

EXCEPTIONS = """# Exceptions: @@TITLE@@

A case that no line of the table decides, or that two lines decide differently, goes to a person - never to a default.

| Question | Answer |
| --- | --- |
| Who takes it | TODO: a name and a stand-in |
| Within what time | TODO: hours, and what happens when it passes |
| What the person sees | the inputs, the lines that hold, and what is missing |
| What is recorded | the decision, by whom, because of what: the next line of the table |
| How many are too many | TODO: more than 1 in 10 a week; then the table is looked at again |
| What may run twice | TODO: each action, and how a second run is noticed |

## Every week

1. Count exceptions by cause: no line, two lines, missing input, overruled by a person.
2. The most frequent cause becomes a line of the table, or a question to its owner.
3. Cases of the week through `scoper check automation drift`: did people start to decide otherwise?
4. Ten decided cases at random are decided again by a person who does not see the outcome.

## Switch off

TODO: the number at which the table is switched off, who sees it, and how cases are decided then.
"""

WORKFLOW = """# Case: @TITLE@
# A first workflow. Check it with: scoper check llm workflow workflow.yaml --fail-on blocker
# `next` is a step, a list (all at once), or a mapping of cases to steps (one of them). TODO: replace by your own.
scoper_workflow: 1
name: @NAME@
start: read
limits: {steps: 20, seconds: 120}
tools:
  read_case: {effect: read, private: yes, untrusted: yes}
  send_reply: {effect: irreversible, outbound: yes}
steps:
  read:    {kind: tool, tool: read_case, writes: [input], next: draft}
  draft:   {kind: model, reads: [input], writes: [answer], next: verify}
  verify:  {kind: check, reads: [answer], budget: 2, next: {passes: approve, fails: draft, spent: hand_over}}
  approve: {kind: human, reads: [input, answer], next: {yes: send, no: hand_over}}
  send:    {kind: tool, tool: send_reply, reads: [answer], next: end}
  hand_over: {kind: human, next: end}
"""

CALLS = """# Case: @TITLE@
# What a run costs: scoper check llm cost calls.yaml FOLDER_OF_SAMPLES --runs RUNS_A_MONTH
# TODO: your provider's prices for a million tokens, and your own prompts. A number may be a range: 150..400.
scoper_calls: 1
models:
  main: {input_price: 1.0, output_price: 5.0, window: 128000, output_per_s: 60, latency_s: 0.8}
calls:
  draft: {model: main, fixed_tokens: 800, document: 1, output_tokens: 150..400, times: 1..2}
"""

HARNESS = '''# Case: @TITLE@
"""Run every case of evaluation_set.jsonl several times and write pilot.csv: python eval_harness.py --trials 5

Then: scoper check llm pass-k pilot.csv --k 5 --target 0.9. Without a model of yours in `answer` it runs a stand-in that
copies the expected output, so that the harness itself can be tried first.
"""

import argparse
import csv
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def answer(case):
    """TODO: call your model here and return its text. The stand-in knows the answer."""
    return case["expected"]


def passes(case, text):
    """TODO: the rubric as far as a program can apply it; a person grades the rest."""
    forbidden = case["must_not"] not in ("", "TODO") and case["must_not"].lower() in text.lower()
    return not forbidden and text.strip() == case["expected"].strip()


def run(trials):
    lines = (HERE / "evaluation_set.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines if line.strip() and not line.startswith("#")]
    graded = [(case, trial, passes(case, answer(case))) for case in cases for trial in range(trials)]
    unwritten = sum(case["expected"] in ("", "TODO") for case in cases)
    return [(case["id"], trial, "yes" if right else "no") for case, trial, right in graded], unwritten


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=5)
    rows, unwritten = run(parser.parse_args().trials)
    with (HERE / "pilot.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["task", "trial", "passed"])
        writer.writerows(rows)
    passed = sum(row[2] == "yes" for row in rows)
    sys.stdout.write(f"{passed} of {len(rows)} trials passed; see pilot.csv\\n")
    if unwritten:
        sys.stdout.write(f"{unwritten} cases still say TODO: what they passed shows nothing\\n")


if __name__ == "__main__":
    main()
'''

LOG = """segment,action,propensity,outcome
TODO_segment,today,0.9,0
TODO_segment,other,0.1,1
"""
