"""The tools of an orchestration's first files: a graph cut down to what was answered, and a contract for each tool.

A graph names its tools as `read_case`, `search_documents`, `first_records`, `second_records` and `send_reply`; what the
follow-up answers rule out - effects, places to send to, private data, text of outsiders - is taken out of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from scoper.domain.questionnaire import Case

_READS = {"type": "string", "description": "the number on the case, as written", "maxLength": 40}
_QUESTION = {"type": "string", "description": "what is looked for, in a few words", "maxLength": 200}
_SENT = {"type": "string", "description": "the text as approved", "maxLength": 4000}


def _contract(description: str, properties: Mapping[str, Any], timeout_s: int, errors: list[str]) -> dict[str, Any]:
    return {
        "description": description,
        "parameters": {
            "type": "object",
            "additionalProperties": False,
            "required": list(properties),
            "properties": dict(properties),
        },
        "effect": "read",
        "timeout_s": timeout_s,
        "errors": errors,
    }


_EFFECT = {"effect": "irreversible", "approval": True, "idempotent": True}
_GONE = ["not_found", "no_access"]
CONTRACTS: Mapping[str, Mapping[str, Any]] = {
    "read_case": _contract(
        "Read one case by its number; use it once at the start, never to search.", {"number": _READS}, 10, _GONE
    ),
    "search_documents": _contract(
        "Find the passages that answer a question, each with its place; never to change a document.",
        {"question": _QUESTION},
        10,
        ["nothing_found", "no_access"],
    ),
    "first_records": _contract(
        "Read the records that only the first LLM agent may see; never for another case.", {"number": _READS}, 10, _GONE
    ),
    "second_records": _contract(
        "Read the records that only the second LLM agent may see; never for another case.",
        {"number": _READS},
        10,
        _GONE,
    ),
    "send_reply": _contract(
        "Send the approved reply to the sender of the case; never without approval.",
        {"number": _READS, "text": _SENT},
        20,
        ["already_sent", "address_unknown"],
    )
    | _EFFECT,
    "write_result": _contract(
        "Write the approved result into the system it belongs to; never without approval.",
        {"number": _READS, "text": _SENT},
        20,
        ["already_written", "no_access"],
    )
    | _EFFECT,
}
_TOOL = re.compile(r"^  (\w+): \{effect: (\w+)", re.MULTILINE)


def graph_for(text: str, case: Case) -> str:
    """A first graph without what the follow-up answers rule out."""
    for signal, word in (("private_data", "private"), ("untrusted_input", "untrusted")):
        if case.value_of(signal) == "no":
            text = text.replace(f", {word}: yes", "")
    effects = case.value_of("tool_effects")
    if effects in ("none", "read_only"):
        kept = [line for line in text.splitlines() if not line.startswith(("  send_reply:", "  send:"))]
        text = "\n".join(kept).replace("yes: send", "yes: end") + "\n"
    if effects == "reversible":
        text = text.replace("effect: irreversible", "effect: write, undo: yes")
    if case.value_of("outbound_channel") == "no":
        text = text.replace(", outbound: yes", "").replace("send_reply", "write_result")
        text = re.sub(r"\bsend\b", "write", text)
    return text


def contracts_for(graph: str) -> str:
    """tools.json: the contract of every tool that the graph declares, with the effect that it has there."""
    found = []
    for name, effect in _TOOL.findall(graph):
        found.append({"name": name, **CONTRACTS[name], "effect": effect})
    return json.dumps(found, indent=2) + "\n"
