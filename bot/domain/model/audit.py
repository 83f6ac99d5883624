"""One entry of the audit chain."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who changed what and when; `detail` is JSON of ids and numbers, never customer text."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: str
    previous: bytes
    hash: bytes
