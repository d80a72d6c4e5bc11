"""Where one action is best always, that action is written down as a rule, and nothing is learned."""

from __future__ import annotations

import json
from collections.abc import Sequence

from scoper.domain.mdp import MdpSpec
from scoper.domain.repairs import Proposal, SpecEdit
from scoper.repairs import MISPAID, Case, Repair


def propose(case: Case) -> Sequence[Proposal]:
    """The rule of the best single action among the spec's `baselines`; declarative specs only, by their labels."""
    defect, spec, table = case.named(REPAIR.mends), case.spec, case.evidence.table or case.evidence.approximate
    if (
        defect is None
        or case.named(sorted(MISPAID))
        or not isinstance(spec, MdpSpec)
        or table is None
        or not table.action_labels
    ):
        return []
    constant = {n: r for n, r in case.evidence.audit.rungs.items() if n.startswith("constant ") and r.does is not None}
    if not constant:
        return []
    name = max(constant, key=lambda each: constant[each].reward)
    number = name.removeprefix("constant ")
    if not number.isdigit():
        return []
    parts = dict(part.split("=", 1) for part in table.action_labels[int(number)].split(", ") if "=" in part)
    if set(parts) != set(spec.actions):
        return []
    rule = "{" + ", ".join(f"{key}: {json.dumps(value)}" for key, value in parts.items()) + "}"
    words = f"the rule {', '.join(f'{key} = {value}' for key, value in parts.items())} stands in the place of learning"
    edits = (SpecEdit(path=("baselines", "always"), text=rule),)
    return [Proposal(repair=REPAIR.id, defect=defect, words=words, edits=edits, rule="always")]


REPAIR = Repair(
    id="constant_rule",
    summary="Writes the one action that is always best down as a rule.",
    mends=("trivial_constant",),
    propose=propose,
    rank=5,
)
