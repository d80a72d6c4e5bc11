"""The interface in a real headless Chromium: a whole interview typed and clicked; attacks from other pages refused."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from scoper.interfaces.tui import words
from scoper.services.cases import read_case
from scoper.services.library import load_library
from scoper.services.scoping import assess, interview
from tests.interfaces.web.browser import CHROMIUM, browser

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]
Serve = Callable[..., Any]
ATTACK = """<!DOCTYPE html><title>elsewhere</title><script>
const port = new URLSearchParams(location.search).get("port");
window.told = Promise.all([
  new Promise(done => { const s = new WebSocket(`ws://127.0.0.1:${port}/ws?width=80&height=24`);
    s.onopen = () => done("socket open"); s.onerror = () => done("socket refused"); }),
  fetch(`http://127.0.0.1:${port}/`, {credentials: "include"}).then(() => "page read", () => "page refused"),
]);
</script>"""


@pytest.fixture
def elsewhere() -> Iterator[int]:
    """Another site on this machine whose page attacks; its port."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(ATTACK.encode())

        def log_message(self, *_: object) -> None:
            pass

    site = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=site.serve_forever, daemon=True)
    thread.start()
    yield site.server_address[1]
    site.shutdown()
    site.server_close()
    thread.join()


def first_answer(tab: Any) -> int:
    """The row of the answer with the digit 1."""
    return next(at for at, row in enumerate(tab.screen.display) if re.match(r"\s*▸?\s*1 [● ] \w", row))


async def leave_for(tab: Any, label: str) -> None:
    """Go on with Enter and wait until the frame under `label` is drawn as the one that is typed into."""
    row = tab.row_of(label) + 1
    column = tab.screen.display[row].index("╭")
    idle = tab.screen.buffer[row][column].fg
    await tab.press("Enter")
    for _ in range(600):
        if tab.screen.buffer[row][column].fg != idle:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{label} is not typed into:\n{tab.text()}")


async def test_a_whole_interview_is_typed_and_clicked(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    library = load_library()
    async with browser(tmp_path) as tabs:
        tab = await tabs()
        await tab.open(server.link)
        await tab.wait_for("New case")
        await tab.click(4, tab.row_of("New case"))
        await tab.wait_for("Title:")
        await tab.type("Route vans")
        await leave_for(tab, "Summary:")
        await tab.press("Enter")
        await tab.wait_for("Question 1 of")
        path = server.folder / "route_vans.yaml"
        clicked = typed = 0
        for number in range(len(library.questions)):
            before = read_case(path, library.questions).case
            signal = interview(before, library).next_signal
            if signal is None:
                break
            # the file is written before the screen is: what is pressed has to be an answer to the question shown
            await tab.wait_for(f"· {words.signal(signal)}")
            if number % 2:
                await tab.click(8, first_answer(tab))
                clicked += 1
            else:
                await tab.type("1")
                typed += 1
            for _ in range(600):
                if len(read_case(path, library.questions).case.answers) > len(before.answers):
                    break
                await asyncio.sleep(0.1)
            else:
                raise AssertionError(f"answer {number} was not saved:\n{tab.text()}")
        await tab.press("F4")
        case = read_case(path, library.questions).case
        technique = words.technique(assess(case, library).technique)
        await tab.wait_for("Why:", "each of these sets")
        await tab.wait_for(technique)

        assert case.title == "Route vans"
        assert min(clicked, typed) >= 1
        assert tab.errors == []
        own = (server.base, server.base.replace("http", "ws"))
        assert [url for url in tab.requests if not url.startswith((*own, "data:"))] == []
        keep = tmp_path / "interview.png"
        await tab.picture(keep)
        assert keep.stat().st_size > 5000


async def test_pages_of_other_sites_get_nothing(serve: Serve, elsewhere: int, tmp_path: Path) -> None:
    server = serve()
    port = server.base.rpartition(":")[2]
    async with browser(tmp_path, "--host-resolver-rules=MAP evil.example 127.0.0.1") as tabs:
        own = await tabs()
        await own.open(server.link)
        await own.wait_for("New case")
        sessions = server.children()

        foreign = await tabs()
        await foreign.open(f"http://127.0.0.1:{elsewhere}/?port={port}")
        await asyncio.sleep(0.5)
        assert await foreign.evaluate("window.told") == ["socket refused", "page refused"]

        rebound = await tabs()
        url = f"http://evil.example:{port}/"
        await rebound.open(url)
        for _ in range(400):
            if url in rebound.statuses:
                break
            await asyncio.sleep(0.05)
        assert rebound.statuses[url] == 421
        assert server.children() == sessions


async def test_a_browser_without_the_link_is_refused(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    async with browser(tmp_path) as tabs:
        tab = await tabs()
        await tab.open(server.base + "/")
        for _ in range(400):
            if server.base + "/" in tab.statuses:
                break
            await asyncio.sleep(0.05)

        assert tab.statuses[server.base + "/"] == 403
        said = ""
        for _ in range(400):
            # the status is known before the page is there
            said = await tab.evaluate("document.body ? document.body.innerText : ''")
            if said:
                break
            await asyncio.sleep(0.05)
        assert "scoper serve" in said
