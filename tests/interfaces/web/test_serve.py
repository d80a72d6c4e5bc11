"""The real server attacked by hand: without the link, under another name, from another page, by many at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

pytestmark = pytest.mark.slow

Serve = Callable[..., Any]


async def ticket(http: aiohttp.ClientSession, link: str) -> dict[str, str]:
    """The cookie that the link gives, as a header."""
    async with http.get(link, allow_redirects=False) as answer:
        assert answer.status == 303
        return {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}


async def status(http: aiohttp.ClientSession, url: str, headers: dict[str, str] | None = None) -> int:
    async with http.get(url, headers=headers, allow_redirects=False) as answer:
        for name in ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"):
            assert name in answer.headers, f"{url}: {name}"
        return answer.status


async def test_without_the_link_nothing_is_answered(serve: Serve) -> None:
    server = serve()
    async with aiohttp.ClientSession() as http:
        paths = ("/", "/ws", "/static/js/textual.js", "/static/", "/page.js", "/download/x", "/?token=guessed")

        assert [await status(http, server.base + path) for path in paths] == [403] * len(paths)


async def test_the_link_works_once_and_its_cookie_from_then_on(serve: Serve) -> None:
    server = serve()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        own = await ticket(http, server.link)

        assert await status(http, server.link) == 403
        assert await status(http, server.base + "/", own) == 200
        assert await status(http, server.base + "/static/js/textual.js", own) == 200
        assert await status(http, server.base + "/static/", own) == 403


async def test_another_name_and_another_site_are_refused_even_with_the_cookie(serve: Serve) -> None:
    server = serve()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        own = await ticket(http, server.link)
        rebound = own | {"Host": f"evil.example:{server.base.rpartition(':')[2]}"}
        foreign = own | {"Origin": "http://evil.example"}

        assert await status(http, server.base + "/", rebound) == 421
        assert await status(http, server.base + "/", foreign) == 403
        assert await status(http, server.base + "/ws", foreign) == 403
        assert await status(http, server.base + "/ws", own) == 403
        assert server.children() == 0


async def test_of_fifty_sessions_as_many_begin_as_are_allowed(serve: Serve) -> None:
    server = serve("--sessions", "3")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        own = await ticket(http, server.link) | {"Origin": server.base}
        url = server.base.replace("http", "ws") + "/ws?width=80&height=24"
        opened, refused = [], []

        async def try_one() -> None:
            try:
                opened.append(await http.ws_connect(url, headers=own))
            except aiohttp.WSServerHandshakeError as error:
                refused.append(error.status)

        await asyncio.gather(*(try_one() for _ in range(50)))

        assert len(opened) == 3
        assert refused == [503] * 47
        assert server.children() <= 3
        for wire in opened:
            await wire.close()
        for _ in range(400):
            if not server.children():
                break
            await asyncio.sleep(0.05)
        assert server.children() == 0
        again = await http.ws_connect(url, headers=own)
        await again.close()


@pytest.mark.parametrize(
    "rubbish", ["", "{}", "[]", "[1]", '["stdin", 3]', '["resize", {}]', "[" * 3000, '["rm", "x"]']
)
async def test_a_message_that_no_page_of_ours_sends_ends_its_session_only(serve: Serve, rubbish: str) -> None:
    server = serve()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        own = await ticket(http, server.link) | {"Origin": server.base}
        wire = await http.ws_connect(server.base.replace("http", "ws") + "/ws", headers=own)
        await wire.send_str(rubbish)
        while (await wire.receive(timeout=60)).type is not aiohttp.WSMsgType.CLOSE:
            pass

        assert await status(http, server.base + "/", {"Cookie": own["Cookie"]}) == 200
