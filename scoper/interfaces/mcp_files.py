"""Which files the MCP server may read: those below the folders that it was started for, wherever links lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scoper.errors import Problem, UsageError


@dataclass(frozen=True)
class Fence:
    """The folders, resolved; a relative path counts from the first."""

    folders: tuple[Path, ...]

    @classmethod
    def around(cls, folders: Sequence[Path]) -> Fence:
        """A fence around folders; raises UsageError when one is none."""
        found = []
        for folder in folders:
            if not folder.is_dir():
                raise UsageError(Problem("mcp-folder", "there is no such folder", str(folder)))
            found.append(folder.resolve())
        return cls(tuple(found))

    def path(self, name: str) -> Path:
        """The path that a client names, once it is clear that it lies inside; raises UsageError when it does not.

        What is returned is resolved, so that no link leads out of it.
        """
        shown = "".join(char if char.isprintable() else "?" for char in name)[:200]
        try:
            place = (self.folders[0] / name).resolve()
        except (OSError, ValueError, RuntimeError):
            raise UsageError(Problem("mcp-path", "this is no path", shown)) from None
        if any(place.is_relative_to(folder) for folder in self.folders):
            if place.exists() and not (place.is_file() or place.is_dir()):
                raise UsageError(Problem("mcp-path", "this is neither a file nor a folder", shown))
            return place
        remedy = "start `scoper mcp` in that folder, or with --allow-path"
        raise UsageError(
            Problem("mcp-path", "the file lies outside of the folder of this server", shown, remedy=remedy)
        )
