"""The guide of a rule pack: capabilities, methods, rungs and sub-types, from the folders that the rules come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from scoper.domain.approach import FollowUpQuestion
from scoper.reasoning.methods import MethodRule
from scoper.reasoning.options import Option, in_order
from scoper.reasoning.world import Capability
from scoper.services import approach_files as files
from scoper.services.follow_ups import files_in, follow_ups_of
from scoper.services.library import Library

if TYPE_CHECKING:
    from scoper.reasoning.guide_rules import GuideRules

SUB_TYPES = "sub_types"


@dataclass(frozen=True)
class Guide:
    """Read piece by piece, as it is asked for. Every property raises InputError with all faults of its files."""

    library: Library

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
        found = files.read_all(
            files_in(self.library.roots, f"{SUB_TYPES}/{group}"),
            lambda reader, root, stem: files.read_option(reader, root, stem, self.facts, ladder=False),
        )
        return in_order([option for option in found if option.group == group])

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
