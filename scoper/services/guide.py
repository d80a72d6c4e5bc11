"""The guide of a rule pack: capabilities, methods, rungs and sub-types, from the folders that the rules come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from scoper.domain.approach import FollowUpQuestion
from scoper.reasoning.diagram import Diagram
from scoper.reasoning.methods import MethodRule
from scoper.reasoning.options import Option, first_diagram, fit_diagram, in_order
from scoper.reasoning.world import Capability, World
from scoper.services import approach_files as files
from scoper.services.follow_ups import files_in, follow_ups_of
from scoper.services.library import Library

if TYPE_CHECKING:
    from scoper.reasoning.guide_rules import GuideRules
    from scoper.services.risk_files import Risk

SUB_TYPES, GUIDE = "sub_types", "guide"


@dataclass(frozen=True)
class Guide:
    """Read piece by piece, as it is asked for. Every property raises InputError with all faults of its files."""

    library: Library
    _sub_types: dict[str, tuple[Option, ...]] = field(default_factory=dict, init=False, compare=False, repr=False)
    _firsts: dict[tuple[str, ...], Diagram] = field(default_factory=dict, init=False, compare=False, repr=False)
    _fits: dict[str, Diagram] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def follow_ups(self) -> Mapping[str, FollowUpQuestion]:
        """The follow-up questions in their order."""
        return follow_ups_of(self.library.questions)

    @cached_property
    def answers(self) -> Mapping[str, tuple[str, ...]]:
        """The known values of every signal and follow-up question."""
        return files.facts_of({**self.library.questions, **self.follow_ups})

    @cached_property
    def facts(self) -> Mapping[str, tuple[str, ...]]:
        """What conditions of rungs and sub-types may name: answers, and what the verdict says."""
        return {**self.answers, **files.VERDICT_FACTS}

    @cached_property
    def capabilities(self) -> Mapping[str, Capability]:
        """What an environment can afford, by id, in order."""
        found = files.read_all(
            files_in(self.library.roots, "capabilities"),
            lambda reader, root, stem: files.read_capability(reader, root, stem, self.answers),
        )
        return {each.id: each for each in sorted(found, key=lambda each: (each.order, each.id))}

    @cached_property
    def methods(self) -> tuple[MethodRule, ...]:
        """The methods, by order and id."""
        facts = {**self.answers, **{name: each.levels for name, each in self.capabilities.items()}}
        found = files.read_all(
            files_in(self.library.roots, "methods"),
            lambda reader, root, stem: files.read_method(reader, root, stem, facts, self.capabilities),
        )
        return tuple(sorted(found, key=lambda each: (each.order, each.id)))

    @cached_property
    def ladder(self) -> tuple[Option, ...]:
        """The rungs of LLM orchestration, the lowest first."""
        found = files.read_all(
            files_in(self.library.roots, "ladder"),
            lambda reader, root, stem: files.read_option(reader, root, stem, self.facts, ladder=True),
        )
        return in_order(found)

    def sub_types(self, group: str) -> tuple[Option, ...]:
        """The sub-types of one technique, or of `not_yet`, in order; none for a technique without any."""
        if group not in self._sub_types:
            found = files.read_all(
                files_in(self.library.roots, f"{SUB_TYPES}/{group}"),
                lambda reader, root, stem: files.read_option(reader, root, stem, self.facts, ladder=False),
            )
            self._sub_types[group] = in_order([option for option in found if option.group == group])
        return self._sub_types[group]

    def first_of(self, options: Sequence[Option], world: World) -> Diagram:
        """Which of a group's options comes first, as a function of the facts; the same whatever is known of them."""
        key = tuple(f"{option.group}/{option.id}" for option in options)
        if key not in self._firsts:
            self._firsts[key] = first_diagram(options, world)
        return self._firsts[key]

    def fit_of(self, option: Option, world: World) -> Diagram:
        """Whether an option fits, as a function of the facts; the same whatever is known of them."""
        key = f"{option.group}/{option.id}"
        if key not in self._fits:
            self._fits[key] = fit_diagram(option, world)
        return self._fits[key]

    @cached_property
    def risks(self) -> tuple[Risk, ...]:
        """The risk files."""
        from scoper.services.risk_files import read_risks

        return read_risks(files_in(self.library.roots, "risks"), self.library.questions)

    def rules(self) -> GuideRules:
        """Everything of the guide at once, for who verifies it."""
        from scoper.reasoning.guide_rules import GuideRules

        groups = sorted({path.name for root, _ in self.library.roots for path in (root / SUB_TYPES).glob("*/")})
        options = {group: self.sub_types(group) for group in groups}
        return GuideRules(
            values=self.facts,
            groups={files.LADDER: self.ladder, **options},
            ladder=files.LADDER,
            capabilities=tuple(self.capabilities.values()),
            methods=self.methods,
        )


def guide_of(library: Library) -> Guide:
    """The guide of these rules, the same one at every call, so that its files are read once."""
    guide: Guide = library.made.setdefault(GUIDE, Guide(library))
    return guide
