"""The door of the playground: one local page, its line, the drop of an export; for this machine's own browser only."""

import asyncio
import contextlib
import hmac
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from aiohttp import BodyPartReader, web
from aiohttp.typedefs import Handler, Middleware

from adapters.playground.hall import UPLOAD, Hall
from adapters.playground.live import Line
from adapters.wording import LANGUAGES, say
from bot.domain.errors import Refused

PAGE: Final = Path(__file__).with_name("page")
TRIES: Final = 20
"""Ports that are tried one after another."""
COOKIE: Final = "kasuhara_playground"
MESSAGE: Final = 200_000
"""Bytes of one message of the page."""
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where the page is; `token` is asked for where anybody else could reach it."""

    host: str = "127.0.0.1"
    port: int = 8765
    token: str = ""

    def check(self) -> None:
        """Refused where strangers could reach the page and nothing would be asked of them."""
        if not self.local and not self.token:
            raise Refused("playground.token")

    @property
    def local(self) -> bool:
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


@contextlib.asynccontextmanager
async def serving(hall: Hall, address: Address, language: str) -> AsyncIterator[str]:
    """The page is there while the block runs; its address, with the token where one is asked for.

    The port is the one named (0: any), or the next that is free.
    """
    address.check()
    runner = web.AppRunner(_app(hall, address, language), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        port = await _listens(runner, address)
        host = f"[{address.host}]" if ":" in address.host else address.host
        yield f"http://{host}:{port}/" + (f"?token={address.token}" if address.token else "")
    finally:
        await runner.cleanup()


async def _listens(runner: web.AppRunner, address: Address) -> int:
    last = address.port + (TRIES if address.port else 1)
    for port in range(address.port, last):
        site = web.TCPSite(runner, address.host, port)
        try:
            await site.start()
        except OSError:
            if port == last - 1:
                raise
            await site.stop()
            continue
        return int(runner.addresses[0][1])
    raise AssertionError("there is always a last port")


def _app(hall: Hall, address: Address, language: str) -> web.Application:
    app = web.Application(middlewares=[_guard(address)], client_max_size=MESSAGE)
    door = _Door(hall, language)
    app.router.add_get("/", door.page)
    app.router.add_get("/page/{name}", door.file)
    app.router.add_get("/chart/{name}.png", door.chart)
    app.router.add_get("/live", door.live)
    app.router.add_post("/replay", door.replay)
    app.on_shutdown.append(door.closes)
    return app


def _guard(address: Address) -> Middleware:
    """Only the page itself may talk: no other site's script, no name that was bent to this address."""

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not _here(request, address):
            raise web.HTTPForbidden(headers=HEADERS, text="403")
        if address.token and not _knows(request, address.token):
            raise web.HTTPUnauthorized(headers=HEADERS, text="401")
        try:
            response = await handler(request)
        except web.HTTPException as error:
            error.headers.update(HEADERS)
            raise
        if not response.prepared:
            response.headers.update(HEADERS)
            if address.token and "token" in request.query:
                response.set_cookie(COOKIE, address.token, httponly=True, samesite="Strict")
        return response

    return guarded


def _here(request: web.Request, address: Address) -> bool:
    """Host is ours and, wherever a browser says whose page asks, it is this page."""
    host = request.headers.get("Host", "")
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    if address.local and name not in ("127.0.0.1", "localhost", "[::1]"):
        return False
    origin = request.headers.get("Origin")
    if origin is None and request.path in ("/live", "/replay"):
        return False
    followed = request.path == "/" and request.headers.get("Sec-Fetch-Dest") == "document"  # a link to the page itself
    near = followed or request.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin")
    return near and origin in (None, f"{request.scheme}://{host}")


def _knows(request: web.Request, token: str) -> bool:
    given = request.query.get("token") or request.cookies.get(COOKIE, "")
    return hmac.compare_digest(given.encode(), token.encode())


class _Door:
    """What is served."""

    def __init__(self, hall: Hall, language: str) -> None:
        self._hall = hall
        self._language = language
        self._open: set[web.WebSocketResponse] = set()
        self._files = {path.name: path for path in PAGE.iterdir() if path.is_file()}

    async def page(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE / "index.html")

    async def file(self, request: web.Request) -> web.StreamResponse:
        """One of the page's own files, by its exact name."""
        path = self._files.get(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound
        return web.FileResponse(path)

    async def chart(self, request: web.Request) -> web.StreamResponse:
        picture = await self._hall.pictures.png(request.match_info["name"])
        if picture is None:
            raise web.HTTPNotFound
        return web.Response(body=picture, content_type="image/png")

    async def live(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(max_msg_size=MESSAGE, heartbeat=30.0)
        await socket.prepare(request)
        self._open.add(socket)
        try:
            language, touring = self._spoken(request.query.get("lang")), request.query.get("tour", "")
            await Line(self._hall, socket, language, touring).talks()
        finally:
            self._open.discard(socket)
        return socket

    async def replay(self, request: web.Request) -> web.StreamResponse:
        """A dropped export; the work begins when all of it is here."""
        language = self._spoken(request.headers.get("X-Lang"))
        if request.headers.get("X-Kasuhara") != "1":
            raise web.HTTPForbidden(text="403")
        if self._hall.busy:
            return _told(language, "busy", 409)
        folder = tempfile.TemporaryDirectory(prefix="kasuhara-drop-", ignore_cleanup_errors=True)
        taken = False
        try:
            file = await _received(request, Path(folder.name))
            if isinstance(file, str):
                return _told(language, file, 413 if file == "large" else 400)
            taken = self._hall.drops(file, folder, language)
            return web.json_response({"ok": True}, status=202) if taken else _told(language, "busy", 409)
        finally:
            if not taken:
                folder.cleanup()

    def _spoken(self, language: str | None) -> str:
        return language if language in LANGUAGES else self._language

    async def closes(self, app: web.Application) -> None:
        await asyncio.gather(*(socket.close(code=1001) for socket in set(self._open)), return_exceptions=True)


async def _received(request: web.Request, folder: Path) -> Path | str:
    """The uploaded file under a name of ours, or what is wrong: file, kind, large."""
    if not request.content_type.startswith("multipart/"):
        return "file"
    part = await (await request.multipart()).next()
    if not isinstance(part, BodyPartReader) or part.name != "export" or not part.filename:
        return "file"
    ending = Path(part.filename).suffix.casefold()
    if ending not in (".zip", ".json"):
        return "kind"
    path, size = folder / f"export{ending}", 0
    with path.open("wb") as file:  # noqa: ASYNC230 - small pieces into a file of our own
        while chunk := await part.read_chunk(1 << 16):
            size += len(chunk)
            if size > UPLOAD:
                return "large"
            file.write(chunk)
    return path


def _told(language: str, key: str, status: int) -> web.Response:
    return web.json_response({"text": say(language, f"playground.trouble.{key}")}, status=status)
