"""Attachments: their bytes, and addresses that are signed and expire (rule discord-13)."""

import asyncio
import hashlib
import mimetypes
from dataclasses import dataclass, field

from aiohttp import web

from .clock import Clock
from .guild import Json

LASTS = 24 * 3600.0
"""How long an address is good."""


@dataclass(eq=False)
class File:
    """One attachment; its address is made anew whenever the message is shown."""

    id: int
    name: str
    data: bytes
    channel: int
    keeper: "Files"
    description: str = ""
    claimed: int | None = None
    """The size that it is said to have, where that is a lie."""
    title: str = ""

    def shown(self) -> Json:
        url = self.keeper.url(self)
        size = len(self.data) if self.claimed is None else self.claimed
        found: Json = {"id": str(self.id), "filename": self.name, "size": size, "url": url, "proxy_url": url}
        if self.title:
            found["title"] = self.title
        found["content_type"] = mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        if found["content_type"].startswith("image/"):
            found |= {"width": 640, "height": 360}
        return found | ({"description": self.description} if self.description else {})


@dataclass
class Files:
    """Everything that was attached, by id. `lasts` seconds of the town's clock an address is good."""

    clock: Clock
    base: str = ""
    lasts: float = LASTS
    kept: dict[int, File] = field(default_factory=dict)
    fetched: list[tuple[int, int]] = field(default_factory=list)
    """Who was asked for: attachment id and status."""
    faults: list[int] = field(default_factory=list)
    """Statuses that the next requests are answered with instead; 302 leads elsewhere."""
    sent: int = 0
    """Bytes that were written for large files, of which a client may not take all."""
    waits: asyncio.Event | None = None
    """Nothing is answered before it is set."""

    def keep(self, name: str, data: bytes, channel: int, description: str = "") -> File:
        file = File(self.clock.snowflake(), name, data, channel, self, description)
        self.kept[file.id] = file
        return file

    def url(self, file: File) -> str:
        now = int(self.clock.now())
        signed = f"ex={int(now + self.lasts):x}&is={now:x}"
        return f"{self.base}/cdn/attachments/{file.channel}/{file.id}/{file.name}?{signed}&hm={_sign(file.id, signed)}&"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The CDN: no token needed, but a good signature."""
        query = request.query
        signed = f"ex={query.get('ex', '')}&is={query.get('is', '')}"
        file = self.kept.get(int(request.match_info["id"]))
        good = file is not None and query.get("hm") == _sign(file.id, signed)
        fresh = good and int(query["ex"], 16) > self.clock.now()
        fault = self.faults.pop(0) if self.faults else 0
        self.fetched.append((int(request.match_info["id"]), fault or (200 if fresh else 404)))
        if self.waits is not None:
            await self.waits.wait()
        if fault:
            return web.Response(status=fault, headers={"Location": f"{self.base}/elsewhere"} if fault == 302 else {})
        if file is None or not fresh:
            return web.Response(status=404, text="This content is no longer available.")
        if file.claimed is None:
            return web.Response(body=file.data, content_type="application/octet-stream")
        return await self._pours(request, file.data)

    async def _pours(self, request: web.Request, data: bytes) -> web.StreamResponse:
        """Without saying how much it is going to be."""
        answer = web.StreamResponse()
        answer.enable_chunked_encoding()
        await answer.prepare(request)
        for start in range(0, len(data), 2**16):
            await answer.write(data[start : start + 2**16])
            self.sent += 2**16
        await answer.write_eof()
        return answer


def _sign(id: int, signed: str) -> str:
    return hashlib.sha256(f"{id}?{signed}".encode()).hexdigest()
