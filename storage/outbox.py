"""The outbox on rows: what has to be said, claimed under a lease, in order within a line.

A line is one lane to one place. What stands behind something in its line waits until that was sent, given up or
cancelled. Only a post whose own time has not come yet holds nobody up. A line is as urgent as the most urgent post in
it, so that a critical one is not held up by what stands before it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, func, literal_column, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.model import Destination, MessageRef, Priority
from bot.domain.notices import Letter, Post, PostLost
from storage import facts
from storage.session import Session
from storage.tables import MessageRow, OutboxRow, ReportRow, table_of

UNREADABLE: Final = "unknown_kind"
"""The fault of a letter whose facts this version cannot read."""
_outbox: Final = table_of(OutboxRow)
_messages: Final = table_of(MessageRow)
_reports: Final = table_of(ReportRow)
_post, _other, _base = _outbox.alias("post"), _outbox.alias("other"), _outbox.alias("base")
_WAITING: Final[ColumnElement[str]] = literal_column("'waiting'")
"""Written out, for a parameter would hide the partial indexes from the planner."""
_EDIT: Final = _outbox.c.key != _outbox.c.base
_PUT: Final = {
    made_here: words.insert(_outbox).on_conflict_do_nothing(index_elements=["key"]).returning(_outbox.c.id)
    for made_here, words in ((True, sqlite), (False, postgresql))
}
"""By whether the database is SQLite."""
_LIFT: Final = update(_outbox).where(
    _outbox.c.state == _WAITING,
    _outbox.c.lane == bindparam("its_lane"),
    _outbox.c.place == bindparam("its_place"),
    _outbox.c.priority > bindparam("its_priority"),
)
_CANCEL_ROUND: Final = (
    update(_outbox)
    .where(_outbox.c.state == _WAITING, _outbox.c.round == bindparam("its_round"))
    .returning(_outbox.c.key, _outbox.c.lease_until)
)
_HOLDS: Final = select(_outbox.c.id).where(
    _outbox.c.id == bindparam("wanted"),
    _outbox.c.lease == bindparam("its_lease"),
    _outbox.c.state == _WAITING,
    _outbox.c.lease_until > bindparam("now"),
)


class Outbox:
    """ports.Outbox on rows; every mark is one UPDATE that holds only under the claim's own number."""

    def __init__(self, session: Session) -> None:
        self._s = session

    def put(self, post: Post, now: datetime, language: str = "ja") -> bool:
        """Two to four statements; an edit of what never went out, or never will, is stored as cancelled."""
        values = _values(post, now, language)
        if post.edits:
            values |= self._behind_its_base(post.edits, values["due_at"], now)
        id = self._s.connection.scalar(_PUT[self._s.sqlite], values)
        if id is None:
            return False
        if post.edits:
            free = or_(_outbox.c.lease_until.is_(None), _outbox.c.lease_until <= now)
            self._cancel(_outbox.c.base == post.edits, _EDIT, _outbox.c.id < id, free)
        if values["state"] == "waiting" and post.priority < Priority.LOW:
            self._lift(values)
        return True

    def _behind_its_base(self, key: str, due: datetime, now: datetime) -> dict[str, Any]:
        """State and time of an edit: not before its base's own time, and never if that is not to be seen."""
        found = select(_outbox.c.state, _outbox.c.attempts, _outbox.c.due_at, _outbox.c.lease_until)
        base = self._s.connection.execute(found.where(_outbox.c.key == key)).one_or_none()
        if base is None or base.state == "dead":
            return {"state": "cancelled"}
        if base.state == "cancelled" and (base.lease_until is None or base.lease_until <= now):
            return {"state": "cancelled"}
        if base.state == "waiting" and not base.attempts:
            return {"due_at": max(due, base.due_at)}
        return {}

    def _lift(self, values: dict[str, Any]) -> None:
        """Make what stands before it in its line as urgent."""
        line = {"its_lane": values["lane"], "its_place": values["place"], "priority": values["priority"]}
        self._s.connection.execute(_LIFT, line | {"its_priority": values["priority"]})

    def cancel_round(self, round: str) -> int:
        """A call that is being sent keeps its lease: it is not tried again, and if it gets through, `sent` says so."""
        rows = self._s.connection.execute(_CANCEL_ROUND, {"its_round": round, "state": "cancelled"}).all()
        self._drop_edits([row.key for row in rows if row.lease_until is None])
        return len(rows)

    def _cancel(self, *which: ColumnElement[bool]) -> None:
        query = update(_outbox).where(_outbox.c.state == _WAITING, *which)
        self._s.connection.execute(query.values(state="cancelled", lease_until=None))

    def _drop_edits(self, keys: list[str]) -> None:
        """Edits of what nobody will see."""
        if keys:
            self._cancel(_outbox.c.base.in_(keys), _EDIT)

    def keys(self, base: Iterable[str]) -> dict[str, int]:
        wanted = list(base)
        gone = and_(_outbox.c.state == "cancelled", _outbox.c.lease_until.is_(None))
        kept = select(_outbox.c.key).where(_outbox.c.key.in_(wanted), ~gone)
        edits = select(_outbox.c.base, func.count().label("edits")).where(_outbox.c.base.in_(wanted), _EDIT)
        counts = {row.base: row.edits for row in self._s.connection.execute(edits.group_by(_outbox.c.base))}
        return {key: counts.get(key, 0) for key in self._s.connection.scalars(kept.order_by(_outbox.c.id))}

    def claim(self, now: datetime, lease: timedelta, limit: int) -> list[Letter]:
        rows = self._due(now, limit)
        if not rows:
            return []
        claimed = update(_outbox).where(_outbox.c.id.in_([row.id for row in rows])).values(
            lease=_outbox.c.lease + 1, lease_until=now + lease, attempts=_outbox.c.attempts + 1,
            doubtful=_outbox.c.doubtful | _outbox.c.lease_until.is_not(None),
            put_at=case((_outbox.c.attempts == 0, _outbox.c.due_at), else_=_outbox.c.put_at),
        )  # fmt: skip
        self._s.connection.execute(claimed)
        texts = self._texts({quote for row in rows for quote in row.quotes})
        return [_letter(row, now + lease, texts) for row in rows]

    def _due(self, now: datetime, limit: int) -> list[Any]:
        """Rows to be claimed; edits of what nobody will see are cancelled on the way."""
        while rows := list(self._s.connection.execute(_CLAIMABLE, {"now": now, "most": limit})):
            hopeless = [row.id for row in rows if row.base != row.key and row.base_state != "sent"]
            if not hopeless:
                break
            self._cancel(_outbox.c.id.in_(hopeless))
        return rows

    def _texts(self, quotes: set[str]) -> dict[str, str]:
        """The texts of these quotes that are still kept; two statements however many there are."""
        ids: dict[str, set[int]] = {"message": set(), "report": set(), "quote": set()}
        for quote in quotes:
            kind, _, number = quote.partition(":")
            if kind in ids and number.isdecimal():
                ids[kind].add(int(number))
        found: dict[str, str | None] = {}
        if ids["message"]:
            query = select(_messages.c.id, _messages.c.body).where(_messages.c.id.in_(ids["message"]))
            found |= {f"message:{row.id}": row.body for row in self._s.connection.execute(query)}
        if reports := ids["report"] | ids["quote"]:
            query = select(_reports.c.id, _reports.c.text, _reports.c.quote).where(_reports.c.id.in_(reports))
            for row in self._s.connection.execute(query):
                found |= {f"report:{row.id}": row.text, f"quote:{row.id}": row.quote}
        return {quote: text for quote, text in found.items() if text and quote in quotes}

    def holds(self, letter: Letter, now: datetime) -> bool:
        return (
            self._s.connection.scalar(_HOLDS, {"now": now, "wanted": letter.id, "its_lease": letter.lease}) is not None
        )

    def sent(self, letter: Letter, ref: MessageRef, at: datetime) -> bool:
        """A call that was cancelled on its way counts as sent: its card can be changed later."""
        return self._mark(
            letter, _outbox.c.state.in_(("waiting", "cancelled")), state="sent", sent_at=at, doubtful=False, error="",
            ref_channel=ref.channel, ref_id=ref.id,
        )  # fmt: skip

    def again(self, letter: Letter, at: datetime, error: str, *, doubtful: bool) -> bool:
        """False also for one that was cancelled meanwhile: it stays so, and what waits for it is let go."""
        waiting = _outbox.c.state == _WAITING
        return self._mark(letter, waiting, due_at=at, error=error, doubtful=doubtful) or self._let_go(letter)

    def dead(self, letter: Letter, at: datetime, error: str) -> bool:
        """Edits that wait for it are cancelled with it."""
        if not self._mark(letter, _outbox.c.state == _WAITING, state="dead", due_at=at, error=error):
            return self._let_go(letter)
        self._drop_edits([letter.post.key])
        return True

    def _mark(self, letter: Letter, which: ColumnElement[bool], /, **values: Any) -> bool:
        query = update(_outbox).where(*_held(letter), which).values(lease_until=None, **values)
        return self._s.connection.execute(query).rowcount == 1

    def _let_go(self, letter: Letter) -> bool:
        """End the lease on what was cancelled while it was out; False, for no mark was made."""
        if self._mark(letter, _outbox.c.state == "cancelled"):
            self._drop_edits([letter.post.key])
        return False

    def next_due(self) -> datetime | None:
        found: datetime | None = self._s.connection.scalar(_NEXT_DUE)
        return found

    def ref(self, key: str) -> MessageRef | None:
        query = select(_outbox.c.ref_channel, _outbox.c.ref_id).where(_outbox.c.key == key, _outbox.c.state == "sent")
        row = self._s.connection.execute(query).one_or_none()
        return None if row is None else MessageRef(row.ref_channel, row.ref_id)

    def waiting(self) -> Sequence[Post]:
        query = select(_outbox).where(_outbox.c.state == _WAITING).order_by(_outbox.c.priority, _outbox.c.id)
        return [_read(row)[0] for row in self._s.connection.execute(query)]

    def forget(self, before: datetime) -> int:
        """Sent ones count from then on, the others from the last time they were due."""
        left = func.coalesce(_outbox.c.sent_at, _outbox.c.due_at) < before
        over = (_outbox.c.state != "waiting", _outbox.c.facts.is_not(None), left)
        return self._s.connection.execute(update(_outbox).where(*over).values(facts=None)).rowcount


def _behind(when: Any, *also: ColumnElement[bool]) -> ColumnElement[bool]:
    """Something stands before it in its line, other than posts whose own time comes after `when`."""
    earlier = and_(_other.c.id < _post.c.id, or_(_other.c.attempts != 0, _other.c.due_at <= when))
    line = (_other.c.lane == _post.c.lane, _other.c.place == _post.c.place, _other.c.state == _WAITING)
    return exists(select(_other.c.id).where(*line, _other.c.id != _post.c.id, or_(earlier, *also)))


def _next_due() -> Select[Any]:
    when = case((_post.c.lease_until > _post.c.due_at, _post.c.lease_until), else_=_post.c.due_at)
    base = select(_base.c.state).where(_base.c.key == _post.c.base).scalar_subquery()
    seen = or_(_post.c.key == _post.c.base, base == "sent")
    return select(func.min(when)).where(_post.c.state == _WAITING, seen, ~_behind(_post.c.due_at))


def _claimable() -> Select[Any]:
    """What may be claimed `now`, most urgent first; edits whose base will never be seen are among them.

    Others' rows are skipped on PostgreSQL; what a claim stands on only ever changes one way (waiting to sent, dead or
    cancelled), so a picture of a moment ago can hide a post but never show one too early.
    """
    now = bindparam("now", type_=_outbox.c.due_at.type)
    free = or_(_post.c.lease_until.is_(None), _post.c.lease_until <= now)
    left = or_(_base.c.lease_until.is_(None), _base.c.lease_until <= now)
    hopeless = or_(_base.c.state == "dead", and_(_base.c.state == "cancelled", left))
    ready = or_(_base.c.id == _post.c.id, _base.c.state == "sent", hopeless)
    columns = (_base.c.state.label("base_state"), _base.c.ref_channel.label("seen_in"), _base.c.ref_id.label("seen_as"))
    query = select(_post, *columns).join(_base, _base.c.key == _post.c.base)
    query = query.where(
        _post.c.state == _WAITING, _post.c.due_at <= now, free, ready, ~_behind(now, _other.c.lease_until > now)
    )
    urgent = query.order_by(_post.c.priority, _post.c.id).limit(bindparam("most"))
    return urgent.with_for_update(of=_post, skip_locked=True)


_CLAIMABLE: Final = _claimable()
_NEXT_DUE: Final = _next_due()


def _held(letter: Letter) -> tuple[ColumnElement[bool], ...]:
    return (_outbox.c.id == letter.id, _outbox.c.lease == letter.lease)


def _values(post: Post, now: datetime, language: str) -> dict[str, Any]:
    return {
        "key": post.key, "base": post.edits or post.key, "lane": post.lane, "round": post.round,
        "place": post.to.channel or "@" + ",".join(sorted(post.to.people)),
        "priority": int(post.priority), "channel": post.to.channel, "people": list(post.to.people),
        "language": language, "kind": facts.kind_of(post.notice), "facts": facts.written(post.notice),
        "quotes": list(post.quotes), "state": "waiting", "put_at": now, "due_at": max(now, post.at or now),
        "attempts": 0, "doubtful": False, "lease": 0, "ref_channel": "", "ref_id": "", "error": "",
    }  # fmt: skip


def _letter(row: Any, lease_until: datetime, texts: dict[str, str]) -> Letter:
    """The letter of a row as it was before this claim."""
    post, fault = _read(row)
    return Letter(
        id=row.id, post=post, language=row.language, lease_until=lease_until, fault=fault,
        quotes={quote: texts[quote] for quote in post.quotes if quote in texts},
        ref=MessageRef(row.seen_in, row.seen_as) if post.edits else None,
        attempt=row.attempts + 1, doubtful=row.doubtful or row.lease_until is not None, lease=row.lease + 1,
        since=row.put_at if row.attempts else row.due_at,
    )  # fmt: skip


def _read(row: Any) -> tuple[Post, str]:
    """The post of a row and what is wrong with it; one that cannot be read stands for its own loss."""
    fault = ""
    try:
        notice = facts.read(row.kind, row.facts or "")
    except facts.UnknownKind:
        fault = UNREADABLE
        notice = PostLost(what=row.key, reason=fault, channel=row.channel, at=row.put_at, zone="UTC")
    post = Post(
        key=row.key, lane=row.lane, priority=Priority(row.priority), notice=notice, round=row.round,
        to=Destination(row.channel, tuple(row.people)), quotes=tuple(row.quotes),
        edits=row.base if row.base != row.key else "",
        at=row.due_at if row.due_at > row.put_at and not row.attempts else None,
    )  # fmt: skip
    return post, fault
