"""Bytes from a platform's own servers: never by way of a redirect, never unpacked, never more than was allowed."""

from collections.abc import AsyncIterable, Callable, Mapping
from typing import Final

import aiohttp
import yarl

from adapters.chat.keeper import NotKept
from bot.domain.model import FileState

CHUNK: Final = 2**16
PATIENCE: Final = aiohttp.ClientTimeout(total=None, sock_connect=10.0, sock_read=20.0)
NO_LONGER: Final = frozenset({403, 404, 410})
"""What an address answers that expired, or whose file is gone or closed to us."""


async def read_within(chunks: AsyncIterable[bytes], limit: int) -> bytes:
    """All of it; NotKept as soon as it is more than `limit` bytes, whatever was said of its size."""
    found = bytearray()
    async for chunk in chunks:
        found += chunk
        if len(found) > limit:
            raise NotKept(FileState.TOO_LARGE)
    return bytes(found)


class Downloads:
    """`trusted` says which addresses may be called at all; its session is made where it is first needed."""

    def __init__(self, trusted: Callable[[yarl.URL], bool], headers: Mapping[str, str] | None = None) -> None:
        self._trusted = trusted
        self._headers = {"Accept-Encoding": "identity", **(headers or {})}
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(self, address: str, limit: int, unlike: str = "") -> bytes | int:
        """The bytes, or the status of an address that is good no longer; an answer of the media type `unlike` says that
        we may not have it."""
        plain = address.isascii() and address.isprintable() and " " not in address
        url = yarl.URL(address, encoded=plain)  # as it was signed; only what no address may hold is written anew
        if not self._trusted(url):
            raise NotKept(FileState.REFUSED)
        if self._session is None:
            jar = aiohttp.DummyCookieJar()
            self._session = aiohttp.ClientSession(timeout=PATIENCE, cookie_jar=jar, auto_decompress=False)
        async with self._session.get(url, headers=self._headers, allow_redirects=False) as answer:
            if answer.status in NO_LONGER:
                return answer.status
            if 300 <= answer.status < 400 or answer.content_type == unlike:  # a way to log in, or to somewhere else
                raise NotKept(FileState.REFUSED, final=False)
            if answer.status != 200 or answer.headers.get("Content-Encoding", "identity") != "identity":
                raise aiohttp.ClientError(answer.status)
            if (answer.content_length or 0) > limit:
                raise NotKept(FileState.TOO_LARGE)
            return await read_within(answer.content.iter_chunked(CHUNK), limit)
