"""Forgetting: what is due and tied to no detection or report goes, text first, traces later (rules.md 4)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, exists, func, select, update

from bot.domain.model import IncidentState
from bot.domain.policy import Retention
from storage import epochs
from storage.session import Session
from storage.tables import (
    ContactRow,
    CustomerRow,
    DetectionMessageRow,
    FileRow,
    IncidentRow,
    MessageRow,
    ReportRow,
    table_of,
)

_messages: Final = table_of(MessageRow)
_members: Final = table_of(DetectionMessageRow)
_contacts: Final = table_of(ContactRow)
_files: Final = table_of(FileRow)
_customers: Final = table_of(CustomerRow)
_incidents: Final = table_of(IncidentRow)
_reports: Final = table_of(ReportRow)
_WHOLE: Final = func.coalesce(_messages.c.root, _messages.c.id)
"""Every wording of a message is tied as soon as the message is."""


def _held(message: Any) -> ColumnElement[bool]:
    """Whether a detection or report rests on this message, given by its first wording."""
    return exists().where(_members.c.message_id == message, _members.c.live.is_(True)) | exists().where(
        _reports.c.message_id == message, _reports.c.withdrawn_at.is_(None)
    )


_TIED: Final = _held(_WHOLE)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much went in one run."""

    texts: int
    rows: int
    names: int
    files: int


def forget(session: Session, now: datetime, rules: Retention) -> Forgotten:
    """Empty texts and names that are due, then delete traces that are due; what a detection or report holds stays."""
    old = _messages.c.sent_at < now - rules.text
    withdrawn = _messages.c.deleted_at < now - rules.deleted_text
    texts = _clear(session, old) + _clear(session, withdrawn)
    names = _forget_names(session, now - rules.text)
    files = _forget_files(session, now, rules)
    gone = delete(_messages).where(_messages.c.sent_at < now - rules.trace, ~_TIED)
    return Forgotten(texts, session.connection.execute(gone).rowcount, names, files)


def _clear(session: Session, due: ColumnElement[bool]) -> int:
    query = update(_messages).where(due, _messages.c.body.is_not(None), ~_TIED).values(body=None)
    return session.connection.execute(query).rowcount


def _forget_files(session: Session, now: datetime, rules: Retention) -> int:
    """Files go whole, with their message's text: nothing is counted by them."""
    withdrawn = select(_WHOLE).where(_messages.c.deleted_at < now - rules.deleted_text)
    due = (_files.c.sent_at < now - rules.text, _files.c.message.in_(withdrawn))
    return sum(session.connection.execute(delete(_files).where(one, ~_held(_files.c.message))).rowcount for one in due)


def _forget_names(session: Session, before: datetime) -> int:
    """Names of unknown customers nothing is tied to; a customer whom a person entered keeps its name."""
    run = session.connection.execute
    spoke = exists().where(_messages.c.customer_id == _customers.c.id, _messages.c.sent_at >= before)
    tied: Any = exists().where(_messages.c.customer_id == _customers.c.id, _TIED)
    lapsed = _incidents.c.state == IncidentState.LAPSED.value
    known = exists().where(_incidents.c.customer_id == _customers.c.id, ~lapsed)
    due = select(_customers.c.id).where(_customers.c.source == "seen", _customers.c.name.is_not(None), ~spoke, ~tied)
    ids = list(session.connection.scalars(due.where(~known, _customers.c.created_at < before)))
    for id in ids:
        run(update(_customers).where(_customers.c.id == id).values(name=None))
        run(update(_contacts).where(_contacts.c.customer_id == id, _contacts.c.source == "seen").values(name=None))
    if ids:
        epochs.move(session)  # whoever knows these accounts by heart shall ask again for their names
    return len(ids)
