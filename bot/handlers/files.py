"""Files that customers attach: noted with their message, kept as bytes once they are fetched (rules.md 4)."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from bot.domain.events import FileFetched, FileLost, MessagePosted
from bot.domain.model import FileState, NewFile, Speaker
from bot.domain.notices import Applied
from bot.domain.policy import FileRule, Policy
from bot.ports import UnitOfWork

EVIDENCE: Final = (Speaker.CUSTOMER, Speaker.UNATTRIBUTED)
"""Whose files are kept; what our own people and bots attach is not fetched at all."""
DAY: Final = timedelta(hours=24)
Sent = tuple[int, str, datetime, MessagePosted]
"""The row of a message's first wording, its author as stored, when it was said, and what came."""


def note(sent: Iterable[Sent], uow: UnitOfWork, policy: Policy) -> None:
    """Note what hangs on stored messages; what is within the limits is wanted, the rest only noted."""
    today: dict[str, int] = {}
    found: list[NewFile] = []
    for one in sent:
        _, sender, at, _ = one
        if sender not in today:
            today[sender] = uow.files.taken(sender, at - DAY)
        judged = _judged(one, policy.files, today[sender])
        today[sender] += sum(new.file.size for new in judged if new.state is FileState.WANTED)
        found += judged
    if found:
        uow.files.note(found)


def _judged(sent: Sent, rule: FileRule, today: int) -> list[NewFile]:
    """The first of them that fit are wanted, in the order in which they hang there."""
    message, sender, at, event = sent
    found, whole = [], 0
    for file in event.files:
        state = FileState.WANTED
        if file.size > rule.each:
            state = FileState.TOO_LARGE
        elif whole + file.size > rule.message or today + whole + file.size > rule.day:
            state = FileState.TOO_MUCH
        else:
            whole += file.size
        found.append(NewFile(message, event.platform, sender, file, state, at))
    return found


def fetched(event: FileFetched, uow: UnitOfWork, policy: Policy) -> Applied:
    """Keep the bytes; a file that turned out larger than it was said to be is held to the same limits."""
    size = len(event.data)
    if size > policy.files.each:
        done = uow.files.settle(event.file_id, FileState.TOO_LARGE, size)
    elif uow.files.beside(event.file_id) + size > policy.files.message:
        done = uow.files.settle(event.file_id, FileState.TOO_MUCH, size)
    else:
        done = uow.files.keep(event.file_id, event.data, hashlib.sha256(event.data).digest())
    return Applied(f"file:{event.file_id}", ("body",) if done else ())


def lost(event: FileLost, uow: UnitOfWork) -> Applied:
    """Say why a file is not kept."""
    done = uow.files.settle(event.file_id, event.why)
    return Applied(f"file:{event.file_id}", ("state",) if done else ())
