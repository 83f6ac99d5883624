"""The audit chain on rows: entries are appended under a lock on the head and never changed."""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import select, update

from bot.domain.audit import FIRST, entry_hash
from bot.domain.errors import Refused
from bot.domain.model import AuditEntry
from storage.session import Session
from storage.tables import AuditHeadRow, AuditRow, table_of

_audit: Final = table_of(AuditRow)
_head: Final = table_of(AuditHeadRow)
_LOCKED: Final = select(_head.c.seq, _head.c.hash).with_for_update()
_MOVED: Final = update(_head).where(_head.c.id == 1)


class Audit:
    """ports.Audit on rows; the head row is locked, so replicas append one after another."""

    def __init__(self, session: Session) -> None:
        self._s = session
        self._key = session.lookup.derive(b"audit")

    def append(self, at: datetime, actor: str, action: str, subject: str, detail: Mapping[str, object]) -> None:
        seq, previous = self._locked_head()
        written = json.dumps(detail, ensure_ascii=False, sort_keys=True, default=str)
        digest = entry_hash(self._key, seq + 1, at, actor, action, subject, written, previous)
        entry = {
            "seq": seq + 1, "at": at, "actor": actor, "action": action, "subject": subject, "detail": written,
            "previous": previous, "hash": digest,
        }  # fmt: skip
        self._s.connection.execute(_audit.insert(), entry)
        self._s.connection.execute(_MOVED, {"seq": seq + 1, "hash": digest, "mac": self._mac(seq + 1, digest)})

    def begin(self) -> None:
        """Write the head of an empty chain, once, when the database is made."""
        self._s.connection.execute(_head.insert().values(id=1, seq=0, hash=FIRST, mac=self._mac(0, FIRST)))

    def _locked_head(self) -> tuple[int, bytes]:
        row = self._s.connection.execute(_LOCKED).one_or_none()
        if row is None:
            raise Refused("audit.head")
        return row.seq, bytes(row.hash)

    def _mac(self, seq: int, digest: bytes) -> bytes:
        return hmac.digest(self._key, b"head" + seq.to_bytes(8, "big") + digest, "sha256")

    def head(self) -> tuple[int, bytes]:
        """The noted end of the chain; Refused if the note itself was forged or taken away."""
        row = self._s.connection.execute(select(_head.c.seq, _head.c.hash, _head.c.mac)).one_or_none()
        if row is None or not hmac.compare_digest(bytes(row.mac), self._mac(row.seq, bytes(row.hash))):
            raise Refused("audit.head")
        return row.seq, bytes(row.hash)

    def entries(self) -> list[AuditEntry]:
        rows = self._s.connection.execute(select(_audit).order_by(_audit.c.seq))
        return [
            AuditEntry(r.seq, r.at, r.actor, r.action, r.subject, r.detail, bytes(r.previous), bytes(r.hash))
            for r in rows
        ]
