"""The door of the REST interface: reads a call, spoils it by script, checks token and rate, answers like Discord."""

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .faults import Fault
from .guild import Json
from .limits import Verdict
from .methods import ROUTES, Ask, Reply, Route
from .network import drop, reset
from .record import Call
from .refused import Refused

if TYPE_CHECKING:
    from .server import LocalDiscord

BASE = "/api/v10"
MAJOR = ("channel", "guild", "webhook", "application")
AGENT = re.compile(r"DiscordBot \(\S+, \S+\)|DiscordBot \(\S+ \S+\)")


class RestApi:
    """Answers every endpoint of `methods`; what it does not know is answered 404 and recorded as "unknown"."""

    def __init__(self, discord: "LocalDiscord") -> None:
        self.discord = discord

    def mount(self, door: web.Application) -> None:
        for route in ROUTES:
            door.router.add_route(route.verb, BASE + route.path, self._serving(route))
        door.router.add_route("*", "/api/{rest:.*}", self._serving(Route("*", "", "unknown", _unknown, open=True)))

    def _serving(self, route: Route) -> Any:
        async def serve(request: web.Request) -> web.StreamResponse:
            return await self._serve(route, request)

        return serve

    async def _serve(self, route: Route, request: web.Request) -> web.StreamResponse:
        body, files = await _read(request)
        path, query = dict(request.match_info), dict(request.query)
        ask = Ask(self.discord, route.name, path, query, body, files)
        arguments: Json = {**path, **query, **(body if isinstance(body, dict) else {"commands": body})}
        if files:
            arguments["files"] = [name for name, _ in files]
        fault = self.discord.faults.take(route.name, arguments)
        reply, limited = Reply(0), ""
        headers: dict[str, str] = {}
        if fault is None or fault.carried_out:
            reply, headers, limited = self._answer(route, ask, request)
        told = fault.status if fault and fault.status else reply.status
        answer = json.loads(json.dumps(reply.body)) if reply.body is not None else fault.body if fault else None
        name, at = fault.name if fault else "", self.discord.clock.now()
        limited = dict(fault.headers).get("X-RateLimit-Scope", limited) if fault else limited
        self.discord.record.calls.append(Call(route.name, arguments, answer, told, reply.status, at, name, limited))
        if fault is not None:
            return await self._spoil(request, fault, reply, headers)
        return _response(reply, headers)

    async def _spoil(
        self, request: web.Request, fault: Fault, reply: Reply, headers: dict[str, str]
    ) -> web.StreamResponse:
        await asyncio.sleep(fault.delay)
        if fault.cut:
            (drop if fault.polite else reset)(request.transport)
        if not fault.status:
            return _response(reply if reply.status else Reply(204), headers)
        if fault.body is not None:
            return _response(Reply(fault.status, fault.body), headers | dict(fault.headers))
        page = "<html><head><title>error</title></head></html>"
        return web.Response(status=fault.status, text=page, content_type="text/html", headers=dict(fault.headers))

    def _answer(self, route: Route, ask: Ask, request: web.Request) -> tuple[Reply, dict[str, str], str]:
        try:
            if not route.open:
                self._admit(request)
            major = next((ask.path[name] for name in MAJOR if name in ask.path), "")
            verdict: Verdict = self.discord.limits.take(route.name, major, self.discord.clock.now())
            if verdict.wait:
                return Reply(429, verdict.body), verdict.headers, verdict.scope
            found = route.answer(ask)
            reply = found if isinstance(found, Reply) else Reply(204 if found is None else 200, found)
            return reply, verdict.headers, ""
        except Refused as refused:
            headers = {"Via": "1.1 google"} if refused.status == 429 else {}
            return Reply(refused.status, refused.body), headers, ""
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            # A body that Discord would refuse, or a gap of this town: told to the test either way.
            self.discord.troubles.append((route.name, repr(error)))
            return Reply(400, {"message": repr(error), "code": 50035, "errors": {}}), {}, ""

    def _admit(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bot {self.discord.app.token}":
            raise Refused(401, 0)
        if not AGENT.match(request.headers.get("User-Agent", "")):
            raise Refused(403, 40333, "internal network error")


def _unknown(_ask: Ask) -> None:
    raise Refused(404, 0, "404: Not Found")


def _response(reply: Reply, headers: dict[str, str]) -> web.Response:
    """JSON typed exactly application/json; without a body not typed at all, or discord.py trips over either."""
    if reply.body is None:
        return web.Response(status=reply.status, headers=headers)
    data = json.dumps(reply.body, ensure_ascii=False).encode()
    return web.Response(status=reply.status, body=data, headers={**headers, "Content-Type": "application/json"})


async def _read(request: web.Request) -> tuple[Any, list[tuple[str, bytes]]]:
    """The JSON of a call, and its files in order."""
    if request.content_type == "multipart/form-data":
        form = await request.post()
        parts = sorted((name, part) for name, part in form.items() if isinstance(part, web.FileField))
        parts.sort(key=lambda one: int("".join(filter(str.isdigit, one[0])) or 0))
        told = form.get("payload_json")
        files = [(part.filename, part.file.read()) for _, part in parts]
        return json.loads(told) if isinstance(told, str) else {}, files
    if not request.can_read_body:
        return {}, []
    try:
        return json.loads(await request.text()) or {}, []
    except ValueError:
        return {}, []
