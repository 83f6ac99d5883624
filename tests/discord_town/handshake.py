"""What a client of the gateway says and how it is answered: HELLO, IDENTIFY, RESUME, heartbeats, close codes."""

import asyncio
import contextlib
import json
import uuid
from collections import deque
from typing import TYPE_CHECKING

from aiohttp import WSMsgType, web

from .connection import Connection, Session
from .gateway import Identify
from .guild import Json
from .world import GUILD_MEMBERS, GUILDS, PRIVILEGED

if TYPE_CHECKING:
    from .server import LocalDiscord

KNOWN_INTENTS = (1 << 26) - 1
MOST_SENT = 120
"""Payloads of a client within 60 seconds (rule discord-19)."""
CLIENT_ENDED = {1000, 1001}
"""Closed by the client with one of these the session is over (rule discord-20)."""


class Handshake:
    """Serves the sockets of /gw."""

    def __init__(self, discord: "LocalDiscord") -> None:
        self.discord = discord
        self.gateway = discord.gateway
        self.world = discord.world

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """A client comes; stays until the socket ends."""
        gateway = self.gateway
        if gateway.refusing:
            gateway.refusing -= 1
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=0, compress=False)
        await socket.prepare(request)
        gateway.ever += 1
        compressed = request.query.get("compress") == "zlib-stream"
        connection = Connection(gateway.ever, request.path, socket, request.transport, compressed)
        gateway.connections.append(connection)
        pump = asyncio.get_running_loop().create_task(self._pump(connection))
        try:
            connection.put({"op": 10, "d": {"heartbeat_interval": int(gateway.heartbeat * 1000), "_trace": []}})
            await self._read(connection)
        finally:
            # Before anything is awaited: the request itself may be cancelled once the line is gone.
            gateway.connections.remove(connection)
            self._left(connection)
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)
        return socket

    def _left(self, connection: Connection) -> None:
        session = connection.session
        if session is None:
            return
        if session.connection is connection:
            session.connection = None
        if connection.socket.close_code in CLIENT_ENDED and not connection.closing:
            self.gateway.sessions.pop(session.id, None)

    async def _pump(self, connection: Connection) -> None:
        while True:
            frame = await connection.frames.get()
            if connection.delay:
                await asyncio.sleep(connection.delay)
            if connection.silent:
                continue
            if isinstance(frame, int):
                connection.closing = True
                self.gateway.closes.append(frame)
                await connection.socket.close(code=frame)
                return
            await connection.send(frame)
            if frame["op"] == 0:
                self.gateway.sent(connection)

    async def _read(self, connection: Connection) -> None:
        said: deque[float] = deque(maxlen=MOST_SENT + 1)
        async for message in connection.socket:
            if message.type is not WSMsgType.TEXT:
                continue
            said.append(self.world.clock.now())
            if len(said) > MOST_SENT and said[-1] - said[0] < 60:
                connection.close(4008)
                continue
            if len(message.data.encode()) > 4096:
                connection.close(4002)
                continue
            payload: Json = {}
            with contextlib.suppress(ValueError):
                payload = json.loads(message.data)
            self._take(connection, payload.get("op"), payload.get("d"))

    def _take(self, connection: Connection, op: int | None, data: Json | None) -> None:
        if op == 1:
            connection.beats += 1
            if not connection.deaf:
                connection.put({"op": 11, "d": None})
        elif op == 2:
            self._identify(connection, data or {})
        elif op == 6:
            self._resume(connection, data or {})
        elif connection.session is None:
            connection.close(4003)
        elif op == 8:
            self._members(connection.session, data or {})
        elif op not in {3, 4, 31}:
            connection.close(4001)

    def _refusal(self, connection: Connection, data: Json) -> int:
        """The close code for this IDENTIFY, or 0."""
        gateway, app = self.gateway, self.world.app
        if connection.session is not None:
            return 4005
        if len(gateway.identifies) >= gateway.budget:
            app.token = f"reset-{uuid.uuid4().hex}"
        if str(data.get("token", "")).removeprefix("Bot ") != app.token:
            return 4004
        intents = int(data.get("intents") or 0)
        if intents & ~KNOWN_INTENTS:
            return 4013
        return 4014 if intents & PRIVILEGED & ~app.privileged else 0

    def _identify(self, connection: Connection, data: Json) -> None:
        gateway, now = self.gateway, self.world.clock.now()
        code = self._refusal(connection, data)
        hurried = bool(gateway.identifies) and now - gateway.identifies[-1].at < gateway.pace
        intents = int(data.get("intents") or 0)
        gateway.identifies.append(Identify(now, intents, not code and not hurried))
        if code:
            return connection.close(code)
        if hurried:
            return connection.put({"op": 9, "d": False})
        session = Session(uuid.uuid4().hex, intents, connection=connection)
        gateway.sessions[session.id] = session
        connection.session = session
        guilds = [guild for guild in self.world.guilds.values() if self.world.app.bot in guild.members]
        ready: Json = {
            "v": 10,
            "user": self.world.bot.shown() | {"verified": True, "mfa_enabled": False, "email": None},
        }
        ready |= {"guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds], "shard": [0, 1]}
        ready |= {"session_id": session.id, "resume_gateway_url": f"{gateway.base}/resume", "private_channels": []}
        app = self.world.app
        session.add("READY", ready | {"application": {"id": str(app.id), "flags": app.flags}})
        if intents & GUILDS:
            for guild in guilds:
                session.add("GUILD_CREATE", self.discord.news.guild(guild))
        return None

    def _resume(self, connection: Connection, data: Json) -> None:
        gateway = self.gateway
        session = gateway.sessions.get(str(data.get("session_id")))
        gateway.resumes.append(session is not None)
        if str(data.get("token", "")).removeprefix("Bot ") != self.world.app.token:
            return connection.close(4004)
        if session is None:
            return connection.put({"op": 9, "d": False})
        seen = int(data.get("seq") or 0)
        if seen > session.number:
            return connection.close(4007)
        connection.session, session.connection = session, connection
        session.replay(seen)
        session.add("RESUMED", {"_trace": []})
        return None

    def _members(self, session: Session, data: Json) -> None:
        guild = self.world.guilds[int(data["guild_id"])]
        asked = data.get("user_ids")
        wanted = [int(id) for id in (asked if isinstance(asked, list) else [asked] if asked else [])]
        query, limit = data.get("query"), int(data.get("limit") or 0)
        if not wanted and not query and not session.intents & GUILD_MEMBERS:
            return
        members = list(guild.members.values())
        if wanted:
            members = [member for member in members if member.user.id in wanted]
        elif query:
            members = [member for member in members if member.named(str(query))]
        shown = [member.shown() for member in (members[:limit] if limit else members)]
        gone = [str(id) for id in wanted if id not in guild.members]
        chunk: Json = {"guild_id": str(guild.id), "members": shown, "chunk_index": 0, "chunk_count": 1}
        session.add("GUILD_MEMBERS_CHUNK", chunk | {"not_found": gone, "nonce": data.get("nonce")})
