"""The door of the Web API: reads a call, spoils it by script, checks token, scope and rate, and answers like Slack."""

import asyncio
import json
from typing import TYPE_CHECKING

from aiohttp import web

from .faults import Fault
from .message import Json
from .methods import METHODS, Ask, Refused
from .record import Call

if TYPE_CHECKING:
    from .server import LocalSlack


class WebApi:
    """Answers /api/{method} by GET and POST, arguments in the query, a form or JSON."""

    def __init__(self, slack: "LocalSlack") -> None:
        self.slack = slack

    async def serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(arguments.pop("token", ""))
        fault = self.slack.faults.take(method, arguments)
        status, body = 200, None
        headers: dict[str, str] = {}
        if fault is None or fault.carried_out:
            status, headers, body = self._answer(method, arguments, token)
        elif fault.body is not None:
            body = fault.body
        name = fault.name if fault else ""
        told = fault.status if fault and fault.status != 200 else status
        self.slack.record.calls.append(Call(method, arguments, body, told, self.slack.clock.now(), name))
        if fault is not None:
            status, headers = await self._spoil(request, fault, status, headers)
            if fault.status != 200:
                body = {"ok": False, "error": "ratelimited"} if fault.status == 429 else None
        if fault is not None and fault.half:
            return web.Response(text='{"ok": tr', content_type="application/json")
        if body is None:
            return web.Response(status=status, headers=headers, text="upstream error", content_type="text/html")
        scopes = self.slack.workspace.app.scopes
        headers["x-oauth-scopes"] = ",".join(sorted(scopes))
        return web.json_response(body, status=status, headers=headers)

    async def _spoil(
        self, request: web.Request, fault: Fault, status: int, headers: dict[str, str]
    ) -> tuple[int, dict[str, str]]:
        await asyncio.sleep(fault.delay)
        if fault.cut and request.transport is not None:
            request.transport.abort()
        if fault.retry_after:
            headers = headers | {"Retry-After": str(fault.retry_after)}
        return (fault.status if fault.status != 200 else status), headers

    def _answer(self, method: str, arguments: Json, token: str) -> tuple[int, dict[str, str], Json]:
        try:
            known = METHODS.get(method)
            if known is None:
                raise Refused("unknown_method", req_method=method)
            self._admit(token, known.app_level, known.scope)
            wait = self.slack.limits.wait(method, arguments, self.slack.clock.now())
            if wait:
                return 429, {"Retry-After": str(wait)}, {"ok": False, "error": "ratelimited"}
            # Through JSON, so that an answer never shares its lists with the workspace.
            return 200, {}, json.loads(json.dumps(known.answer(Ask(self.slack, method, arguments))))
        except Refused as refused:
            return 200, {}, refused.body

    def _admit(self, token: str, app_level: bool, scope: str) -> None:
        app = self.slack.workspace.app
        if not token:
            raise Refused("not_authed")
        if token not in {app.bot_token, app.app_token}:
            raise Refused("invalid_auth")
        if app.broken and token == app.bot_token:
            raise Refused(app.broken)
        if (token == app.app_token) is not app_level:
            raise Refused("not_allowed_token_type")
        granted = app.app_scopes if app_level else app.scopes
        if scope and scope not in granted:
            raise Refused("missing_scope", needed=scope, provided=",".join(sorted(granted)))


async def _arguments(request: web.Request) -> Json:
    arguments: Json = dict(request.query)
    if request.method != "POST":
        return arguments
    if request.content_type == "application/json":
        found = await request.json()
        return arguments | (found if isinstance(found, dict) else {})
    return arguments | {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
