"""The MCP server over stdio: scoper's reading commands as tools for assistants, with structured results.

stdout belongs to the protocol. A fault of the input is a tool error in the words of the command line; whatever else
goes wrong is one too, never the end of the server.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import scoper
from scoper.errors import Problem, ScoperError, UsageError
from scoper.interfaces.mcp_tools import Tools

if TYPE_CHECKING:
    from mcp.server import MCPServer

INSTRUCTIONS = """\
scoper says whether a problem calls for reinforcement learning, LLM orchestration, plain automation or a neighbour, with
the complete reasons. Start from what the owner of the problem says: write a case (scoper: 1, title, summary, answers),
ask what `next_question` returns until it returns none, then `assess` and `report`. What nobody knows stays unknown;
never guess an answer. A case may have `parts`: ask about and judge each of them with `part`. `lint` says what is wrong
with a case, spec or rule folder; `explain` what a name means."""


def build(tools: Tools, *, allow_probe: bool = False) -> MCPServer[Any]:
    """The server with its tools; raises UsageError when the extra `mcp` is not installed."""
    try:
        from mcp.server import MCPServer
        from mcp.types import ToolAnnotations
    except ImportError:
        remedy = "install it with: pip install 'problem-scoper[mcp]'"
        raise UsageError(Problem("mcp-missing", "the MCP server needs the extra 'mcp'", remedy=remedy)) from None
    server: MCPServer[Any] = MCPServer(
        "scoper", instructions=INSTRUCTIONS, version=scoper.__version__, log_level="WARNING"
    )
    reading = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    for tool in (tools.assess, tools.explain, tools.next_question, tools.lint, tools.report):
        server.add_tool(_guarded(tool), annotations=reading)
    if allow_probe:
        running = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=tools.trust)
        server.add_tool(_guarded(tools.probe), annotations=running)
    return server


def _guarded(tool: Callable[..., Any]) -> Callable[..., Any]:
    """`tool` with errors as the protocol has them."""
    from mcp.server.mcpserver.exceptions import ToolError

    @functools.wraps(tool)
    def guarded(*arguments: Any, **named: Any) -> Any:
        try:
            return tool(*arguments, **named)
        except ScoperError as error:
            raise ToolError("\n".join(f"{p.code}: {p.sentence()}" for p in error.problems)) from None
        except OSError as error:
            raise ToolError(f"storage: {error.strerror or error}") from None

    return guarded
