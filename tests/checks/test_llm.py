"""Checks for work with language models against published figures and formulas."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import pytest

from scoper.checks.reliability import most_steps, per_step, with_retries
from scoper.checks.text_baseline import grouped_folds
from scoper.errors import InputError, UsageError
from tests.checks.conftest import Run, codes, quantity

ITEMS = "\n".join(f"{'yes' if i < 20 else 'no'},{'yes' if i < 15 or i >= 40 else 'no'}" for i in range(50))


def test_a_chain_needs_the_nth_root_of_its_target(run: Run) -> None:
    result = run("reliability", steps="10", target="0.95")

    assert quantity(result, "each step must succeed").value == pytest.approx(math.exp(math.log(0.95) / 10))
    assert per_step(0.95, 10) ** 10 == pytest.approx(0.95)


def test_retries_sum_a_geometric_series_and_most_steps_inverts_the_product() -> None:
    # p = 0.9, all errors caught, endless retries: 0.9 / (1 - 0.1) = 1; half caught once: 0.9 (1 + 0.05) = 0.945.
    assert with_retries(0.9, 1.0, 60) == pytest.approx(1.0)
    assert with_retries(0.9, 0.5, 1) == pytest.approx(0.945)
    assert most_steps(0.99, 0.9) == math.floor(math.log(0.9) / math.log(0.99))


def test_a_chain_below_its_target_is_named(run: Run) -> None:
    assert codes(run("reliability", steps="8", per_step="0.95", target="0.95")) == ["below_target"]
    assert codes(run("reliability", steps="8", per_step="0.9999", target="0.95")) == []


@pytest.mark.parametrize(("failures", "cases"), [(0, 59), (1, 93), (2, 124), (3, 153), (4, 181), (5, 208)])
def test_sizes_for_95_percent_at_95_percent_are_those_of_wilks_tables(run: Run, failures: int, cases: int) -> None:
    # Wilks (1941); the series 59, 93, 124, 153, 181, 208 of non-parametric tolerance limits.
    rows = dict(run("evaluation_size", target="0.95").outcome.listings[0].rows)

    assert rows[str(failures)] == str(cases)


def test_59_of_59_meet_the_target_and_58_of_59_do_not(run: Run) -> None:
    assert codes(run("evaluation_size", target="0.95", passes="59", cases="59")) == []
    assert codes(run("evaluation_size", target="0.95", passes="58", cases="58")) == ["not_shown"]
    assert codes(run("evaluation_size", target="0.95", passes="40", cases="59")) == ["target_missed"]
    with pytest.raises(UsageError, match="cannot be"):
        run("evaluation_size", passes="60", cases="59")


def test_pass_k_is_the_unbiased_estimate_and_not_a_power(run: Run) -> None:
    # Two tasks of 4 trials: 4 and 2 passes. pass^2 = (1 + C(2,2)/C(4,2)) / 2 = (1 + 1/6) / 2; p^2 = 0.75^2.
    result = run("pass_k", pilot="task,passes,trials\na,4,4\nb,2,4\n", k="2")

    assert quantity(result, "pass^2").value == pytest.approx((1 + 1 / 6) / 2)
    assert quantity(result, "p^2").value == pytest.approx(0.5625)
    assert "few_tasks" in codes(result)


@pytest.mark.slow
def test_beyond_the_trials_a_beta_law_extrapolates(run: Run) -> None:
    # Rates uniform on (0, 1), the beta law with a = b = 1: E[p^8] = 1/9, while p^8 = 1/256.
    rng = np.random.default_rng(1)
    rows = [f"t{i},{rng.binomial(5, rng.random())},5" for i in range(600)]
    result = run("pass_k", pilot="task,passes,trials\n" + "\n".join(rows) + "\n", k="8")
    found = quantity(result, "pass^8")

    assert found.basis == "extrapolated"
    assert found.low is not None
    assert found.high is not None
    assert found.low < 1 / 9 < found.high
    assert quantity(result, "correlation").value == pytest.approx(1 / 3, abs=0.06)


def test_a_row_per_trial_says_the_same_as_counts(run: Run) -> None:
    rows = "task,passed\na,yes\na,1\nb,no\nb,true\n"

    assert quantity(run("pass_k", pilot=rows, k="2"), "pass^2").value == pytest.approx(0.5)


def test_cohens_kappa_and_the_ceilings_of_two_raters_follow_from_the_table(run: Run) -> None:
    # 15 both yes, 5 yes/no, 10 no/yes, 20 both no: p_o = 0.7, p_e = 0.4 * 0.5 + 0.6 * 0.5 = 0.5, kappa = 0.4.
    result = run("agreement", labels=f"ana,ben\n{ITEMS}\n")

    assert quantity(result, "two people agree").value == pytest.approx(0.7)
    assert quantity(result, "Cohen's kappa").value == pytest.approx(0.4)
    assert quantity(result, "most that any system").value == pytest.approx(0.85)
    # q^2 + (1 - q)^2 = 0.7 gives q = (1 + sqrt(0.4)) / 2.
    assert quantity(result, "accuracy that a perfect system").value == pytest.approx((1 + math.sqrt(0.4)) / 2)
    assert "labels_disagree" in codes(result)


def test_a_target_above_the_ceiling_is_a_blocker(run: Run) -> None:
    many = "\n".join([ITEMS] * 20)

    assert "target_above_ceiling" in codes(run("agreement", labels=f"ana,ben\n{many}\n", target="0.95"))


CALLS = """
scoper_calls: 1
models: {m: {input_price: 2, output_price: 10, window: 2000, output_per_s: 100, latency_s: 1}}
calls:
  first: {model: m, fixed_tokens: 500, document: 1, output_tokens: 100}
  second: {model: m, fixed_tokens: 200, sees: [first], output_tokens: 300, after: [first], times: 2}
"""


def test_cost_and_seconds_are_sums_and_the_longest_chain(run: Run) -> None:
    # 4,000 characters are 1,000 tokens. Input 1,500 + 2 x 300, output 100 + 2 x 300; $2 and $10 a million.
    result = run("cost", calls=CALLS, documents="x" * 4000)

    assert quantity(result, "input tokens").value == pytest.approx(2100)
    assert quantity(result, "output tokens").value == pytest.approx(700)
    assert quantity(result, "cost of 1,000 runs").value == pytest.approx(1000 * (2100 * 2e-6 + 700 * 10e-6))
    assert quantity(result, "seconds a run").value == pytest.approx((1 + 1) + 2 * (1 + 3))


def test_a_document_that_does_not_fit_the_window_is_named_at_its_call(run: Run) -> None:
    result = run("cost", calls=CALLS, documents="x" * 8000)

    assert codes(result) == ["window_exceeded", "few_documents"]
    assert result.outcome.faults[0].line == 5


def test_prices_of_a_draft_are_not_called_those_that_were_entered(run: Run) -> None:
    drafted = run("cost", calls=f"# TODO: your prices\n{CALLS.lstrip()}")

    assert "examples of a draft" in drafted.outcome.headline
    assert "example_prices" in codes(drafted)
    assert "example_prices" not in codes(run("cost", calls=CALLS))
    assert "numbers entered" in run("cost", calls=CALLS).outcome.headline


def test_json_lines_given_to_a_check_on_tables_are_told_what_it_reads(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "evaluation_set.jsonl"
    path.write_text('{"id": "a", "input": "TODO"}\n{"id": "b", "input": "TODO"}\n', encoding="utf-8")
    for check, name in (("agreement", "labels"), ("text_baseline", "cases")):
        with pytest.raises(InputError) as caught:
            run(check, **{name: path})
        (problem,) = caught.value.problems
        assert problem.message == "this is JSON, and the check reads a table"
        assert "CSV" in (problem.remedy or "")


def test_calls_in_a_ring_and_unknown_models_are_told_at_once(run: Run) -> None:
    text = CALLS.replace("document: 1", "document: 1, after: [second]").replace(
        "second: {model: m", "second: {model: n"
    )
    with pytest.raises(InputError) as caught:
        run("cost", calls=text)

    assert len(caught.value.problems) == 2


def test_waiting_follows_erlang_and_littles_law(run: Run) -> None:
    # a = 2 erlangs, 3 workers: Erlang's C is 4/9; P(wait > t) = 4/9 exp(-t / s); mean wait = C s / (c - a).
    result = run("load", per_hour="720", seconds="10", workers="3", wait="10", late="0.2")

    assert quantity(result, "runs under way").value == pytest.approx(2.0)
    assert quantity(result, "have to wait").value == pytest.approx(4 / 9)
    assert quantity(result, "mean wait").value == pytest.approx(40 / 9)
    assert quantity(result, "wait longer").value == pytest.approx(4 / 9 * math.exp(-1))
    assert codes(result) == []


def test_overload_and_limits_are_blockers(run: Run) -> None:
    assert codes(run("load", per_hour="720", seconds="10", workers="2")) == ["overload"]
    assert codes(run("load", per_hour="600", seconds="1", calls="3", calls_limit="20")) == ["limit_exceeded"]
    with pytest.raises(UsageError, match="--tokens is needed"):
        run("load", per_hour="600", seconds="1", tokens_limit="20")


CLEAN = """[{"name": "find_order", "description": "Look up one order by its number; not for lists.",
 "parameters": {"type": "object", "additionalProperties": false, "required": ["id"],
  "properties": {"id": {"type": "string", "description": "order number"}}},
 "effect": "read", "timeout_s": 5, "errors": ["not_found"]}]"""


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (('"required": ["id"]', '"required": ["key"]'), "required_unknown"),
        (('"type": "object", ', '"type": "objet", '), "not_an_object"),
        (('"effect": "read"', '"effect": "irreversible"'), "irreversible_without_gate"),
        (('"effect": "read"', '"effect": "write", "retries": 2'), "retry_not_idempotent"),
        (('"timeout_s": 5', '"note": 5'), "no_timeout"),
        (('"effect": "read", ', ""), "no_effect"),
        (('"description": "order number"', '"description": "n", "minLength": 5, "maxLength": 2'), "impossible"),
        (('{"id": {"type": "string"', '{"id": {"note": "string"'), "untyped"),
        (('"id": {"type"', '"password": {"type": "string"}, "id": {"type"'), "secret_argument"),
    ],
)
def test_a_planted_fault_of_a_contract_is_named_and_a_clean_one_has_none(
    run: Run, change: tuple[str, str], code: str
) -> None:
    assert change[0] in CLEAN
    assert codes(run("tools", contracts=CLEAN)) == []
    assert code in codes(run("tools", contracts=CLEAN.replace(*change)))


def test_names_that_look_alike_are_named_and_opposite_ones_are_not(run: Run) -> None:
    def two(name: str) -> str:
        other = CLEAN.replace("find_order", name).replace("Look up one", f"Use {name} for one")
        return CLEAN[:-1] + "," + other[1:]

    assert codes(run("tools", contracts=two("find_orders"))) == ["names_alike"]
    assert codes(run("tools", contracts=two("cancel_order"))) == []


MAILS = [
    ("please pay invoice %d soon", "bill"),
    ("the parcel %d is late", "parcel"),
    ("reset my password %d", "account"),
]


def mails(n: int) -> str:
    rows = [f"{text % i},{label}" for i in range(n) for text, label in MAILS]
    return "text,label\n" + "\n".join(rows) + "\n"


def test_telling_words_sort_texts_that_need_no_model(run: Run) -> None:
    result = run("text_baseline", cases=mails(30), classifier="none", target="0.9")

    assert quantity(result, "telling words").value == 1.0
    assert "no_model_needed" in codes(result)
    assert quantity(result, "always").value == pytest.approx(1 / 3)


def test_labels_by_chance_are_not_sorted(run: Run) -> None:
    rng = np.random.default_rng(3)
    words = [f"w{i}" for i in range(40)]
    rows = [f"{' '.join(rng.choice(words, 6))},{rng.choice(['a', 'b'])}" for _ in range(200)]
    result = run("text_baseline", cases="text,label\n" + "\n".join(rows) + "\n", classifier="none")
    found = quantity(result, "telling words")

    assert found.low is not None
    assert found.low < (quantity(result, "always").value or 0.0)


def test_own_patterns_are_judged_too(run: Run) -> None:
    patterns = ("bill=invoice|pay", "parcel=parcel", "account=password")
    result = run("text_baseline", cases=mails(10), classifier="none", pattern=patterns)

    assert quantity(result, "your patterns").value == 1.0
    with pytest.raises(UsageError, match="--pattern"):
        run("text_baseline", cases=mails(10), classifier="none", pattern=("bill=(",))


def test_copies_of_a_text_share_a_fold() -> None:
    texts = [f"text number {i % 7}" for i in range(70)]
    fold = grouped_folds(texts, ["a" if i % 7 < 3 else "b" for i in range(70)], 5, np.random.default_rng(0))

    assert all(len({int(f) for f, t in zip(fold, texts, strict=True) if t == text}) == 1 for text in texts)


@pytest.mark.slow
def test_the_linear_classifier_sorts_where_it_is_installed(run: Run) -> None:
    pytest.importorskip("sklearn")

    assert (quantity(run("text_baseline", cases=mails(10)), "linear classifier").value or 0) > 0.9


def test_without_scikit_learn_the_words_are_judged_and_the_extra_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.feature_extraction.text", None)
    result = run("text_baseline", cases=mails(10))
    left_out = next(fault for fault in result.outcome.faults if fault.code == "classifier_left_out")

    assert quantity(result, "telling words").value == 1.0
    assert "pip install 'problem-scoper[text]'" in left_out.remedy
    with pytest.raises(UsageError, match="pip install 'problem-scoper"):
        run("text_baseline", cases=mails(10), classifier="linear")
