"""The contracts of tools that a language model may call: what their JSON Schemas leave open, before it does harm."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import combinations

from scoper.checks import Check, Document, Given, Input
from scoper.checks._contracts import Contract, read_contracts, schema_faults
from scoper.checks._headlines import fault_headline
from scoper.checks._shapes import is_contracts
from scoper.domain.checks import Fault, Outcome, Quantity
from scoper.domain.findings import Severity

EFFECTS = ("none", "read", "write", "irreversible")
_NEAR, _MANY, _SHORT = 0.85, 20, 20
_ACTING = ("write", "irreversible")


def faults_of(document: Document) -> tuple[tuple[Contract, ...], tuple[Fault, ...]]:
    """The contracts and every fault, in the order of the file."""
    contracts = read_contracts(document)
    found: list[Fault] = []
    for contract in contracts:
        found += _of_one(contract, document.source)
        found += schema_faults(contract, document.source)
    found += _of_all(contracts, document.source)
    return contracts, tuple(sorted(found, key=lambda fault: (fault.line, fault.column)))


def _fault(contract: Contract, source: str, code: str, severity: Severity, claim: str, remedy: str) -> Fault:
    return Fault(
        code=code,
        severity=severity,
        claim=f"{contract.name}: {claim}",
        source=source,
        line=contract.at.line,
        column=contract.at.column,
        evidence={"tool": contract.name},
        remedy=remedy,
    )


def _of_one(contract: Contract, source: str) -> Iterator[Fault]:
    """What the contract itself leaves open, beside its schema."""
    if len(contract.description) < _SHORT:
        claim = "no description that says when to use it and when not" if contract.description else "no description"
        yield _fault(contract, source, "no_description", "caution", claim, "one sentence when to use it, one when not")
    if contract.effect not in EFFECTS:
        claim = "its effect is not declared" if not contract.effect else f"'{contract.effect}' is no effect"
        yield _fault(contract, source, "no_effect", "caution", claim, "effect: none, read, write or irreversible")
    if contract.effect == "write" and contract.idempotent is None:
        claim = "it writes, and whether calling it twice does it twice is not said"
        yield _fault(contract, source, "idempotency_open", "caution", claim, "idempotent: yes or no")
    if contract.effect in _ACTING and contract.retries and not contract.idempotent:
        claim = "it is tried again after an error although a second call does it a second time"
        remedy = "a key that makes repeats harmless (idempotent: yes), or retries: 0"
        yield _fault(contract, source, "retry_not_idempotent", "blocker", claim, remedy)
    if contract.effect == "irreversible" and not contract.approval:
        claim = "it cannot be undone and nobody has to agree"
        yield _fault(contract, source, "irreversible_without_gate", "blocker", claim, "approval: yes")
    if not contract.timeout and contract.effect != "none":
        claim = "no time limit, so one call can block a run"
        yield _fault(contract, source, "no_timeout", "caution", claim, "timeout_s: 30")
    if not contract.errors:
        claim = "what it answers when it fails is not said"
        yield _fault(contract, source, "no_errors", "info", claim, "errors: [not_found, ...]: what the model then sees")


def _of_all(contracts: tuple[Contract, ...], source: str) -> Iterator[Fault]:
    """Names that are mistaken for each other, and too many of them."""
    for a, b in combinations(contracts, 2):
        if _alike(a.name, b.name):
            remedy = "names that differ in what they do, and descriptions that say which when"
            yield _fault(b, source, "names_alike", "caution", f"its name is easily taken for {a.name}", remedy)
        elif a.description and a.description == b.description:
            claim = f"its description is that of {a.name}"
            yield _fault(b, source, "same_description", "caution", claim, "say what tells them apart")
    if len(contracts) > _MANY:
        claim = f"{len(contracts)} tools are offered at once; models choose worse among more than {_MANY}"
        yield _fault(
            contracts[_MANY], source, "many_tools", "caution", claim, ("group them by step, offer few at a time")
        )


def _alike(first: str, second: str) -> bool:
    """Equal but for case, separators and plural, or nearly equal as texts where no other verb tells them apart."""
    a, b = (name.lower().replace("-", "_").strip("_") for name in (first, second))
    plain = [name.replace("_", "").rstrip("s") for name in (a, b)]
    if plain[0] == plain[1]:
        return True
    words = [set(name.split("_")) for name in (a, b)]
    if words[0] ^ words[1] and len(words[0]) > 1 and len(words[1]) > 1:
        differing = [min(words[0] - words[1], default=""), min(words[1] - words[0], default="")]
        return all(differing) and SequenceMatcher(None, differing[0], differing[1]).ratio() >= _NEAR
    return SequenceMatcher(None, a, b).ratio() >= _NEAR + 0.05


def run(given: Given) -> Outcome:
    """Every fault of the contracts."""
    contracts, faults = faults_of(given.document("contracts"))
    acting = sum(contract.effect in _ACTING for contract in contracts)
    sound = len(contracts) - len({fault.evidence["tool"] for fault in faults if fault.severity != "info"})
    quantities = (
        Quantity(
            name="tools",
            value=len(contracts),
            basis="declared",
            words=f"{acting} of them change{'s' if acting == 1 else ''} something.",
        ),
        Quantity(name="tools without a fault", value=sound, basis="proved", words="Remarks (info) are not counted."),
    )
    headline = fault_headline(faults, len(contracts), "contract")
    return Outcome(headline=headline, quantities=quantities, faults=faults)


CHECK = Check(
    id="tools",
    technique="llm_orchestration",
    summary="What the contracts of tools leave open: arguments, effects, repeats, time limits, names that look alike.",
    question="Do the tools' contracts leave open what a model can get wrong?",
    inputs=(Input("contracts", "document", "a JSON or YAML list of tools, each with a JSON Schema of its arguments"),),
    run=run,
    formula=(
        "Every contract and schema is walked: types, required names that no property has, limits "
        "that exclude all values, "
        "open objects, texts without a limit, undeclared effect, retries of what is not idempotent, "
        "missing time limit, "
        "irreversible without approval, names alike."
    ),
    source=(
        "JSON Schema 2020-12, validation vocabulary; OWASP (2025), agentic applications: tool misuse; own thresholds"
    ),
    shows_not=(
        "that a tool does what its contract says, or that a model uses it rightly: pass-k on cases with tools does."
    ),
    fits=is_contracts,
    example="llm tools tools.json --fail-on blocker",
)
