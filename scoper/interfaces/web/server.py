"""The guarded server: textual-serve's with a guard before every request and without a shell behind it.

Every session is a process of its own, `scoper tui`, which ends with its browser tab. Needs the extra `web`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from aiohttp import WSMsgType, web
from textual_serve.app_service import AppService
from textual_serve.server import Server

from scoper.interfaces.web import page as pages
from scoper.interfaces.web.guard import Guard, Refusal, security_headers

_LONGEST_MESSAGE = 1 << 18
_LEAST, _MOST = 10, 500
_PATIENCE_S = 3.0
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Program(AppService):
    """One session's process, started from a list of arguments and ended for certain."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], **wires: Any) -> None:
        super().__init__("", **wires)
        self._arguments, self._own = tuple(arguments), dict(environment)

    async def _open_app_process(self, width: int = 80, height: int = 24) -> asyncio.subprocess.Process:
        environment = {**self._build_environment(width, height), **self._own}
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *self._arguments, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, start_new_session=True
        )
        self._process, self._stdin = process, process.stdin
        return process

    async def stop(self) -> None:
        """Ask the process to leave; end it when it does not."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(super().stop(), _PATIENCE_S)
        process = self._process
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), _PATIENCE_S)
            except TimeoutError:
                process.kill()
                await process.wait()


class GuardedServer(Server):
    """Serves `arguments` to whoever holds the link, on `sock`, which is bound to a loopback address."""

    def __init__(
        self, arguments: Sequence[str], environment: Mapping[str, str], sock: socket.socket, guard: Guard, title: str
    ) -> None:
        super().__init__("scoper", host="127.0.0.1", port=guard.port, title=title)
        self.arguments, self.environment, self.sock, self.guard = tuple(arguments), dict(environment), sock, guard

    async def make_app(self) -> web.Application:
        """The application with its routes."""
        return await self._make_app()

    async def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[self._guarded], client_max_size=_LONGEST_MESSAGE)
        app.add_routes(
            [
                web.get("/", self._page),
                web.get("/page.css", _fixed(pages.STYLE, "text/css")),
                web.get("/page.js", _fixed(pages.SCRIPT, "text/javascript")),
                web.get("/ws", self.handle_websocket),
                web.get("/download/{key}", self.handle_download),
                web.static("/static", self.statics_path, show_index=False),
            ]
        )
        return app

    def run(self) -> None:
        """Serve until the process is told to end."""
        logging.getLogger("textual-serve").addHandler(logging.NullHandler())
        web.run_app(self.make_app(), sock=self.sock, print=lambda *_: None, access_log=None, shutdown_timeout=1.0)

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        refusal = self._refusal(request)
        response = _refused(refusal) if refusal else await self._let_in(request, handler)
        if not response.prepared:
            response.headers.update(security_headers("" if refusal else request.headers["Host"]))
            response.headers.pop("Server", None)
        return response

    def _refusal(self, request: web.Request) -> Refusal | None:
        wrong = self.guard.wrong_place(request.headers, socket=request.path == "/ws")
        if wrong is not None:
            return wrong
        if request.path == "/" and "token" in request.query:
            return None
        return None if self.guard.holds_ticket(request.cookies) else self.guard.without_ticket()

    async def _let_in(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if "token" not in request.query or request.path != "/":
            try:
                return await handler(request)
            except web.HTTPException as error:
                return _refused(Refusal(error.status, error.reason))
        if not (self.guard.redeem(request.query["token"]) or self.guard.holds_ticket(request.cookies)):
            return _refused(self.guard.without_ticket())
        answer = web.Response(status=303, headers={"Location": "/"})
        answer.set_cookie(self.guard.cookie, self.guard.ticket, httponly=True, samesite="Strict", path="/")
        return answer

    async def _page(self, request: web.Request) -> web.Response:
        size = request.query.get("fontsize", "16")
        number = int(size) if size.isascii() and size.isdigit() and len(size) < 4 else 16
        text = pages.page(self.title, request.headers["Host"], max(8, min(40, number)))
        return web.Response(text=text, content_type="text/html")

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """One session: a process, fed with what is typed until the browser or the process ends."""
        full = self.guard.full()
        if full is not None:
            raise web.HTTPServiceUnavailable(reason=full.because)
        self.guard.sessions += 1
        wire = web.WebSocketResponse(heartbeat=15, max_msg_size=_LONGEST_MESSAGE)
        program: Program | None = None
        try:
            await wire.prepare(request)
            program = Program(
                self.arguments,
                self.environment,
                write_bytes=wire.send_bytes,
                write_str=wire.send_str,
                close=wire.close,
                download_manager=self.download_manager,
            )
            await program.start(_cells(request.query.get("width"), 80), _cells(request.query.get("height"), 24))
            await self._feed(wire, program)
        except ConnectionResetError:
            pass
        finally:
            if program is not None:
                await asyncio.shield(program.stop())
            self.guard.sessions -= 1
        return wire

    async def _feed(self, wire: web.WebSocketResponse, program: Program) -> None:
        async for message in wire:
            if message.type != WSMsgType.TEXT or not await _passed_on(message.data, wire, program):
                await wire.close(code=1003)
                return


async def _passed_on(text: str, wire: web.WebSocketResponse, program: Program) -> bool:
    """Hand one message of the page to the program; False for one that no page of ours sends."""
    try:
        kind, *rest = json.loads(text)
        match kind, rest:
            case "stdin", [str() as typed]:
                await program.send_bytes(typed.encode("utf-8", "replace"))
            case "resize", [{"width": width, "height": height}]:
                await program.set_terminal_size(_cells(width, 80), _cells(height, 24))
            case "ping", [what]:
                await wire.send_json(["pong", what])
            case "blur", _:
                await program.blur()
            case "focus", _:
                await program.focus()
            case _:
                return False
    except (ValueError, TypeError, RecursionError):
        return False
    return True


def _cells(value: object, otherwise: int) -> int:
    try:
        return max(_LEAST, min(_MOST, int(str(value))))
    except ValueError:
        return otherwise


def _refused(refusal: Refusal) -> web.Response:
    return web.Response(status=refusal.status, text=f"{refusal.because}\n", content_type="text/plain")


def _fixed(text: str, kind: str) -> Handler:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=text, content_type=kind)

    return answer
