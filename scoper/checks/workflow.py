"""The graph of a workflow with language models, looked at before anything runs."""

from __future__ import annotations

from scoper.checks import Check, Given, Input
from scoper.checks._graph import Workflow, read_workflow
from scoper.checks._graph_faults import loops_without_budget, no_stop, shared_writers, unreachable, waits
from scoper.checks._graph_taint import actions
from scoper.checks._headlines import fault_headline
from scoper.checks._shapes import has_keys
from scoper.domain.checks import Fault, Outcome, Quantity

CODES = (
    "unreachable_step",
    "no_stop",
    "loop_without_budget",
    "wait_cycle",
    "irreversible_without_gate",
    "unverified_action",
    "shared_writers",
    "private_untrusted_outbound",
)


def faults_of(flow: Workflow) -> tuple[Fault, ...]:
    """Every fault, in the order of the file."""
    found: list[Fault] = []
    for look in (unreachable, no_stop, loops_without_budget, waits, actions, shared_writers):
        found += look(flow)
    return tuple(sorted(found, key=lambda fault: (fault.line, CODES.index(fault.code))))


def run(given: Given) -> Outcome:
    """The faults of a workflow file."""
    flow = read_workflow(given.document("workflow"))
    faults = faults_of(flow)
    models = sum(step.generates for step in flow.steps.values())
    tools = {tool.name: tool for step in flow.steps.values() for tool in step.tools}
    quantities = (
        Quantity(
            name="steps", value=len(flow.steps), basis="declared", words=f"{models} of them with a language model."
        ),
        Quantity(
            name="tools that act",
            value=sum(tool.acts for tool in tools.values()),
            basis="declared",
            words=f"Of {len(tools)} tools in use; they write, send, or cannot be undone.",
        ),
    )
    none = f": none of the {len(CODES)} kinds that are looked for"
    headline = fault_headline(faults, len(flow.steps), "step", none)
    return Outcome(headline=headline, quantities=quantities, faults=faults)


CHECK = Check(
    id="workflow",
    technique="llm_orchestration",
    summary="Faults in the graph of a workflow: deadlock, endless loops, unverified actions, missing gates, leaks.",
    question="Can this workflow run for ever, block itself, or act on what nobody checked?",
    inputs=(Input("workflow", "document", "a YAML file with steps and tools; `scoper scaffold` writes a first one"),),
    run=run,
    formula=(
        "Reachability and strongly connected components of the graph; the steps that can end under every choice of "
        "branches, waits obeyed (least fixed point); a forward may-analysis of generated text, "
        "gates, untrusted input and "
        "private data over all paths; pairs of steps that a fan-out leaves unordered."
    ),
    source="own; taint analysis as in Denning (1976), deadlock as in Coffman et al. (1971), the three that must not "
    "meet after Willison (2025)",
    shows_not="that the prompts work, that a check in the graph catches what it should, or faults of kinds not listed.",
    fits=has_keys(("scoper_workflow",), ("start", "steps")),
    example="llm workflow workflow.yaml --fail-on blocker",
)
