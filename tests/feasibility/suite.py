"""The items of the suite, read from items/*.yaml: what each is, how it is probed, which answers are acceptable.

An item is a world (a Gymnasium class with arguments) or a declarative spec (a base file with changes). Half of them,
by a hash of the id, are for choosing thresholds (dev), the others for judging them (held). Those of items/fresh_*.yaml,
later_*.yaml, last_*.yaml and clear_*.yaml are neither: they were written after the rules.
"""

from __future__ import annotations

import copy
import hashlib
import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
READER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's reader where there is one: eight times as fast."""
KINDS: dict[str, dict[str, list[str]]] = yaml.safe_load((HERE / "kinds.yaml").read_text(encoding="utf-8"))
LATER_PARTS = ("fresh", "later", "last", "clear")
"""The parts that are told by the name of their file."""
PARTS = ("dev", "held", *LATER_PARTS)
BAD = frozenset({"reward_defective", "infeasible"})
"""The verdicts that are wrong about a clean item."""


@dataclass(frozen=True)
class Item:
    """One planted defect or clean twin.

    twin: the item that differs in the defect alone, or as little as possible. proof: names of proofs with their
    arguments, see `proofs.py`. repair: what would mend it, the twin being the mended item. because: what it is, or why
    it looks suspicious, in one sentence. asked: what the owner says instead of the number that the proof goes by.
    """

    id: str
    kind: str
    twin: str
    because: str
    proof: tuple[str, ...]
    world: str = ""
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    spec: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    discount: float = 0.99
    idle: Any = None
    repair: str = ""
    verdicts: tuple[str, ...] = ()
    blind_verdicts: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    asked: Mapping[str, Any] = field(default_factory=dict)
    family: str = ""

    @property
    def is_clean(self) -> bool:
        return self.kind == "clean"

    @property
    def half(self) -> str:
        """dev or held, by the id alone; fresh, later, last and clear, of the files that came later."""
        for part in LATER_PARTS:
            if self.family.startswith(part):
                return part
        return "dev" if hashlib.sha256(self.id.encode()).digest()[0] % 2 == 0 else "held"

    def acceptable(self, blind: bool) -> tuple[str, ...]:
        """The acceptable verdicts, the true one first."""
        own = self.blind_verdicts if blind else self.verdicts
        return own or tuple(KINDS[self.kind]["blind" if blind else "with"])

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that name the defect rightly, the true one first; none of a clean item."""
        return () if self.is_clean else (self.kind, *self.also, *KINDS[self.kind]["also"])

    def document(self, blind: bool = False) -> dict[str, Any]:
        """The spec as its owner would write it; blind: without the objective."""
        if self.spec:
            made = merged(
                yaml.safe_load((HERE / "specs" / f"{self.spec}.yaml").read_text(encoding="utf-8")), self.changes
            )
            if blind:
                made.pop("objective", None)
            return made
        kwargs = {**self.kwargs, **({"owner": None} if blind else {})}
        made = {
            "scoper_mdp": 1,
            "name": self.world.rpartition(":")[2],
            "environment": {"entry_point": self.world, "path": str(HERE), "kwargs": kwargs},
            "discount": self.discount,
        }
        if not blind:
            at = "end" if self.kwargs.get("told") == "total" else "sum"
            sense = "minimise" if self.kwargs.get("sense", 1.0) < 0 else "maximise"
            made["objective"] = {"info": self.kwargs.get("owner", "owner"), "at": at, "direction": sense}
        if self.idle is not None:
            made["idle_action"] = self.idle
        return made

    def text(self, blind: bool = False) -> str:
        """The spec file's text."""
        made = self.document(blind)
        if self.asked and not blind:
            made["objective"] = dict(self.asked)
        return yaml.safe_dump(made, sort_keys=False, allow_unicode=True, width=110)

    def make(self) -> Any:
        """The environment of a world, made anew."""
        module, _, name = self.world.partition(":")
        return getattr(importlib.import_module(f"tests.feasibility.{module}"), name)(**copy.deepcopy(dict(self.kwargs)))


def merged(base: Any, changes: Any) -> Any:
    """`base` with `changes` laid over it, mapping by mapping; a change to null takes a key away."""
    if not isinstance(base, dict) or not isinstance(changes, Mapping):
        return copy.deepcopy(changes)
    found = {key: value for key, value in base.items() if not (key in changes and changes[key] is None)}
    return found | {key: merged(found.get(key), value) for key, value in changes.items() if value is not None}


def load() -> dict[str, Item]:
    """All items by id, in the order of the files."""
    items: dict[str, Item] = {}
    for path in sorted((HERE / "items").glob("*.yaml")):
        for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=READER):
            lists = {name: tuple(entry.pop(name, ())) for name in ("proof", "verdicts", "blind_verdicts", "also")}
            item = Item(**entry, **lists, family=path.stem)
            assert item.id not in items, f"{item.id} twice"
            items[item.id] = item
    return items
