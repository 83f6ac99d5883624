"""Breaking a TCP connection as a broken network does it."""

import asyncio
import socket
import struct


def reset(transport: asyncio.BaseTransport | None) -> None:
    """RST instead of a polite end: what lies unread on either side is lost."""
    if isinstance(transport, asyncio.Transport) and not transport.is_closing():
        raw = transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()


def drop(transport: asyncio.BaseTransport | None) -> None:
    """The other side goes away without a word."""
    if isinstance(transport, asyncio.Transport):
        transport.abort()
