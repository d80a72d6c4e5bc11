"""A real headless Chromium driven by its own protocol: opens pages, types, clicks, and sees all traffic.

What a terminal in a page shows is read from the bytes that arrive on its socket, on an emulated screen.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pyte

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
    "--window-size=1280,800",
)
KEYS = {"Enter": ("Enter", 13, "\r"), "F4": ("F4", 115, ""), "Escape": ("Escape", 27, ""), "F2": ("F2", 113, "")}
WAIT_S = 120.0


class Tab:
    """One page and everything that was seen of it."""

    def __init__(self, wire: aiohttp.ClientWebSocketResponse, session: str) -> None:
        self._wire, self._session = wire, session
        self._number = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.statuses: dict[str, int] = {}
        self.columns, self.rows = 80, 24
        self.screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self.screen)
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self._wire:
            found = json.loads(message.data)
            if found.get("id") in self._answers:
                self._answers.pop(found["id"]).set_result(found)
            elif "method" in found:
                self._seen(found["method"], found.get("params", {}))

    def _seen(self, method: str, params: dict[str, Any]) -> None:
        if method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Network.responseReceived":
            self.statuses[params["response"]["url"]] = params["response"]["status"]
        elif method == "Network.webSocketCreated":
            self.requests.append(params["url"])
            size = dict(re.findall(r"(width|height)=(\d+)", params["url"]))
            self.columns, self.rows = int(size.get("width", 80)), int(size.get("height", 24))
            self.screen.resize(self.rows, self.columns)
        elif method == "Network.webSocketFrameReceived" and params["response"]["opcode"] == 2:
            data = base64.b64decode(params["response"]["payloadData"])
            self._stream.feed(re.sub(rb"\x1b\[[<>=?][0-9;]*[a-zA-Z]?(?<=[upqt$])", b"", data))
        elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.errors.append(params["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            self.errors.append(params["exceptionDetails"]["text"])

    async def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Call the protocol and return its result."""
        self._number += 1
        answer = self._answers[self._number] = asyncio.get_running_loop().create_future()
        await self._wire.send_json({"id": self._number, "method": method, "params": params, "sessionId": self._session})
        found = await asyncio.wait_for(answer, WAIT_S)
        assert "error" not in found, found
        result: dict[str, Any] = found["result"]
        return result

    async def open(self, url: str) -> None:
        """Go to a page."""
        for domain in ("Page", "Network", "Log", "Runtime"):
            await self.send(f"{domain}.enable")
        await self.send("Page.navigate", url=url)

    async def evaluate(self, script: str) -> Any:
        """The value of an expression in the page, awaited."""
        found = await self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        return found["result"].get("value")

    def text(self) -> str:
        """What the terminal in the page shows."""
        return "\n".join(self.screen.display)

    async def wait_for(self, *words: str, seconds: float = WAIT_S) -> str:
        """The first of `words` that stands on the terminal."""
        for _ in range(int(seconds / 0.05)):
            for word in words:
                if word in self.text():
                    return word
            await asyncio.sleep(0.05)
        raise AssertionError(f"none of {words} appeared:\n{self.text()}\n{self.errors}")

    async def type(self, text: str) -> None:
        """Press the keys of these characters."""
        for char in text:
            await self.send("Input.dispatchKeyEvent", type="keyDown", text=char, unmodifiedText=char, key=char)
            await self.send("Input.dispatchKeyEvent", type="keyUp", key=char)

    async def press(self, name: str) -> None:
        """Press a named key."""
        key, code, text = KEYS[name]
        common = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        await self.send("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
        await self.send("Input.dispatchKeyEvent", type="keyUp", **common)

    async def click(self, column: int, row: int) -> None:
        """Click the middle of a cell of the terminal."""
        box = await self.evaluate(
            "(() => { const b = document.querySelector('.xterm-screen').getBoundingClientRect();"
            " return [b.left, b.top, b.width, b.height]; })()"
        )
        left, top, width, height = box
        place = {"x": left + (column + 0.5) * width / self.columns, "y": top + (row + 0.5) * height / self.rows}
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            buttons = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
            await self.send("Input.dispatchMouseEvent", type=kind, **place, **buttons)

    async def picture(self, path: Path) -> None:
        """A picture of the page, for people to look at."""
        found = await self.send("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(found["data"]))

    def row_of(self, words: str) -> int:
        """The row of the terminal in which `words` stand."""
        return next(number for number, row in enumerate(self.screen.display) if words in row)


@contextlib.asynccontextmanager
async def browser(folder: Path, *flags: str) -> AsyncIterator[Any]:
    """Starts Chromium with a profile in `folder`; gives a function that opens a new tab."""
    profile = folder / "chromium"
    assert CHROMIUM is not None
    command = [CHROMIUM, *FLAGS, *flags, f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    wires: list[aiohttp.ClientWebSocketResponse] = []
    try:
        async with aiohttp.ClientSession() as http:
            port, path = await _debug_port(profile)
            url = f"ws://127.0.0.1:{port}{path}"

            async def tab() -> Tab:
                wire = await http.ws_connect(url, max_msg_size=0, heartbeat=None)
                wires.append(wire)
                await wire.send_json({"id": 1, "method": "Target.createTarget", "params": {"url": "about:blank"}})
                target = (await _reply(wire, 1))["targetId"]
                attach = {"targetId": target, "flatten": True}
                await wire.send_json({"id": 2, "method": "Target.attachToTarget", "params": attach})
                made = Tab(wire, (await _reply(wire, 2))["sessionId"])
                made._number = 2
                return made

            yield tab
            for wire in wires:
                await wire.close()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.wait()


async def _reply(wire: aiohttp.ClientWebSocketResponse, number: int) -> dict[str, Any]:
    while True:
        found = json.loads((await asyncio.wait_for(wire.receive(), WAIT_S)).data)
        if found.get("id") == number:
            result: dict[str, Any] = found["result"]
            return result


async def _debug_port(profile: Path) -> tuple[str, str]:
    for _ in range(int(WAIT_S / 0.1)):
        with contextlib.suppress(OSError, ValueError):
            port, path = (profile / "DevToolsActivePort").read_text().split("\n")[:2]
            return port, path
        await asyncio.sleep(0.1)
    raise AssertionError("chromium did not start")
