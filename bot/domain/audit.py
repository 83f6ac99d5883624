"""The audit chain: each entry's hash covers itself and the hash before it (S2-16)."""

import hmac
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from bot.domain.model import AuditEntry

FIRST: Final = bytes(32)
SYSTEM: Final = "kasuhara"
"""The actor of what no person did."""


def entry_hash(
    key: bytes, seq: int, at: datetime, actor: str, action: str, subject: str, detail: str, previous: bytes
) -> bytes:
    """The keyed hash of an entry; fields are length-prefixed so that none can run into the next."""
    fields = (str(seq), at.isoformat(timespec="microseconds"), actor, action, subject, detail)
    parts = [previous]
    for field in fields:
        raw = field.encode()
        parts.append(len(raw).to_bytes(8, "big") + raw)
    return hmac.digest(key, b"".join(parts), "sha256")


def first_break(key: bytes, entries: Iterable[AuditEntry], head: tuple[int, bytes]) -> int | None:
    """The number of the first entry that was changed, moved, added or taken away; None if the chain is whole.

    `head` is the sealed note of the last entry: a tail cut off shows as a break after the last one left.
    """
    previous, seq = FIRST, 0
    for seq, entry in enumerate(entries, start=1):
        expected = entry_hash(key, seq, entry.at, entry.actor, entry.action, entry.subject, entry.detail, previous)
        if entry.seq != seq or entry.previous != previous or not hmac.compare_digest(entry.hash, expected):
            return seq
        previous = entry.hash
    return None if head == (seq, previous) else seq + 1
