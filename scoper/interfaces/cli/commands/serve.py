"""`scoper serve [CASE]`: the terminal interface in a browser on this machine."""

from __future__ import annotations

import os
import socket
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from scoper.errors import Problem, StorageError, UsageError
from scoper.interfaces import console
from scoper.interfaces.cli.options import Common, common_options

PLACE = ("setup", 4)


@click.command(
    "serve",
    short_help="The terminal interface in a browser on this machine.",
    epilog="Example: scoper serve case.yaml --port 8000",
)
@click.argument("case", required=False, type=click.Path())
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on 127.0.0.1; 0 takes a free one.")
@click.option("--sessions", type=click.IntRange(1, 32), default=4, help="How many may be open at once (4).")
@click.option("--allow-probe", is_flag=True, help="Let the browser start probes, which run what a spec names.")
@common_options
def command(common: Common, case: str | None, port: int, sessions: int, allow_probe: bool) -> int:
    """Serve the interface of `scoper tui` on 127.0.0.1 and print the link that opens it, once, in one browser.

    Nobody else gets in: other machines cannot reach it, pages of other sites and requests without the link are refused.
    Nothing is loaded from elsewhere. Probes are off unless --allow-probe. Ctrl+C ends it. Needs the extra `web`.
    """
    if find_spec("textual_serve") is None:
        remedy = "install the extra: pip install 'problem-scoper[web]'"
        raise UsageError(Problem("no-web", "the web interface is not installed", remedy=remedy))
    from scoper.services.library import load_library

    library = load_library(common.rules_dir)
    title = _title(case, library)
    from scoper.interfaces.web.guard import Guard
    from scoper.interfaces.web.server import GuardedServer

    sock = _bound(port)
    guard = Guard(sock.getsockname()[1], sessions)
    link = f"http://127.0.0.1:{guard.port}/?token={guard.token}"
    console.data(link)
    console.say(f"Open this link; it works once. Probes are {'allowed' if allow_probe else 'off'}. Ctrl+C ends.")
    GuardedServer(_arguments(common, case, allow_probe), {"SCOPER_WEB": "1"}, sock, guard, title).run()
    return 0


def _title(case: str | None, library: object) -> str:
    """The page's title; raises what reading the case raises."""
    from scoper.domain.text import one_line
    from scoper.services.cases import read_case
    from scoper.services.library import Library

    assert isinstance(library, Library)
    return f"scoper: {one_line(read_case(Path(case), library.questions).case.title)}" if case else "scoper"


def _arguments(common: Common, case: str | None, allow_probe: bool) -> list[str]:
    words = [sys.executable, "-P", "-m", "scoper", "tui", *([case] if case else [])]
    words += ["--rules", str(common.rules_dir)] if common.rules_dir else []
    return [*words, *([] if allow_probe else ["--no-probe"])]


def _bound(port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("127.0.0.1", port))
        sock.listen(128)  # the link is printed before the server runs
    except OSError as error:
        problem = Problem(
            "port", f"port {port} cannot be used: {os.strerror(error.errno or 0)}", remedy="another --port"
        )
        raise StorageError(problem) from None
    return sock
