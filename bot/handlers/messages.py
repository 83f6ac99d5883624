"""Messages come in: attributed, stored once, compared, counted; whole batches at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.domain.attribution import Owner, account_of, customer_by_rule, speaker_without_contact
from bot.domain.audit import SYSTEM
from bot.domain.errors import NotFound
from bot.domain.events import MessageDeleted, MessagePosted, MessageRedacted
from bot.domain.likeness import Fingerprint
from bot.domain.model import Known, NewMessage, Speaker
from bot.domain.notices import Applied, Received
from bot.domain.policy import Policy
from bot.domain.repetition import gathered
from bot.handlers import detections, files
from bot.handlers.memory import Memory
from bot.ports import UnitOfWork

NOTICED: Final = timedelta(minutes=1)
"""What history brings sooner than this came as fast as if nothing had been wrong: no card speaks of an outage."""


@dataclass(slots=True)
class _Arrival:
    """One event on its way through the batch."""

    event: MessagePosted
    place: int
    author: str
    speaker: Speaker
    attributed: int | None
    customer: int | None
    at: datetime
    root: int | None = None
    raw_key: bytes = b""
    print: Fingerprint | None = None
    alike: frozenset[bytes] = frozenset()
    known: list[Known] = field(default_factory=list)


def receive(
    batch: Sequence[MessagePosted], uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory
) -> list[Received]:
    """Store and count a batch; a message that was there already changes nothing."""
    arrivals = _attributed(batch, uow, now, memory)
    held = uow.customers.hold({a.customer for a in arrivals if a.customer is not None})
    memory.confirm(uow, held)
    fresh = _unknown_only(arrivals, uow, memory)
    _compare(fresh, uow, policy, memory)
    ids = uow.messages.add([_row(a) for a in fresh]) if fresh else []
    results = {id(a): Received(stored=False) for a in arrivals}
    for arrival, row in zip(fresh, ids, strict=True):
        if row is None:
            memory.drop(arrival.customer)
        else:
            results[id(arrival)] = Received(stored=True, detection_id=_count(arrival, row, uow, policy, now, memory))
    _withdraw(fresh, uow)
    files.note(_with_files(fresh, ids), uow, policy)
    memory.moved(uow, {a.customer for a in fresh if a.customer is not None})
    return [results[id(a)] for a in arrivals]


def _attributed(batch: Sequence[MessagePosted], uow: UnitOfWork, now: datetime, memory: Memory) -> list[_Arrival]:
    memory.directory(uow)
    wanted = [memory.lookup(uow, account_of(event)) for event in batch]
    wanted += [memory.lookup(uow, f"email::{event.mail}") for event in batch if event.mail]
    memory.contacts(uow, wanted)
    arrivals = []
    for event in batch:
        whose = attribute(event, uow, now, memory)
        place = uow.messages.place(event.platform, event.workspace, event.channel)
        arrivals.append(_Arrival(event, place, *whose, event.sent_at.astimezone(UTC)))
    return arrivals


def attribute(
    event: MessagePosted, uow: UnitOfWork, now: datetime, memory: Memory
) -> tuple[str, Speaker, int | None, int | None]:
    """(author as stored, whose word, customer as attributed, customer it counts for); rules.md 1."""
    if event.sent_at.tzinfo is None:
        raise ValueError("sent_at has no zone")
    directory = memory.directory_held
    author = memory.lookup(uow, account_of(event))
    found = _contact(event, author, uow, memory) if author not in directory.staff else None
    entered = found is not None and not found.seen
    speaker = Speaker.CUSTOMER if entered else speaker_without_contact(event, directory)
    if speaker is not Speaker.CUSTOMER:
        return author, speaker, None, None
    if not entered and (ruled := customer_by_rule(event, directory)) is not None:
        found = Owner(ruled, directory.effective(ruled), False)
    elif found is None:
        made = uow.customers.unknown(account_of(event), event.author_name, now)
        uow.audit.append(now, SYSTEM, "customer.seen", f"customer:{made}", {})
        found = memory.learned(author, Owner(made, made, True, not event.author_name))
    elif found.seen and found.nameless and event.author_name:
        uow.customers.rename(found.attributed, account_of(event), event.author_name)
        found = memory.learned(author, found._replace(nameless=False))
    return author, speaker, found.attributed, found.effective


def _contact(event: MessagePosted, author: str, uow: UnitOfWork, memory: Memory) -> Owner | None:
    """The customer of the account, else of the mail address; an account only seen is the last resort."""
    by_account = memory.contact(author) or memory.contacts(uow, [author]).get(author)
    if event.mail and (by_account is None or by_account.seen):
        mail = memory.lookup(uow, f"email::{event.mail}")
        return memory.contacts(uow, [mail]).get(mail) or by_account
    return by_account


def _unknown_only(arrivals: list[_Arrival], uow: UnitOfWork, memory: Memory) -> list[_Arrival]:
    """Those whose wording is new, by time; an edit learns its message's first wording and time.

    An edit that leaves the text as it was (a preview, a pin) is no wording: platforms announce those as edits too.
    """
    stored: dict[tuple[int, str], list[Known]] = {}
    for known in uow.messages.known([(a.place, a.event.message_id) for a in arrivals]):
        stored.setdefault((known.place_id, known.message_id), []).append(known)
    fresh, seen = [], set()
    for arrival in arrivals:
        identity = (arrival.place, arrival.event.message_id, arrival.event.edit)
        arrival.known = stored.get(identity[:2], [])
        arrival.raw_key = memory.fingerprinter.raw_key(arrival.event.text)
        if identity in seen or any(
            k.edit == arrival.event.edit or (arrival.event.edit and k.raw_key == arrival.raw_key) for k in arrival.known
        ):
            continue
        seen.add(identity)
        if arrival.known:
            first = arrival.known[0]
            arrival.root, arrival.at = first.root or first.id, first.sent_at
        fresh.append(arrival)
    return sorted(fresh, key=lambda a: a.at)


def _compare(fresh: list[_Arrival], uow: UnitOfWork, policy: Policy, memory: Memory) -> None:
    """Fingerprint what customers said and compare it with their timelines."""
    earliest: dict[int, datetime] = {}
    for arrival in fresh:
        if arrival.customer is not None:
            arrival.print = memory.fingerprinter.of(arrival.event.text, arrival.raw_key)
            if arrival.print is not None:
                earliest[arrival.customer] = min(arrival.at, earliest.get(arrival.customer, arrival.at))
    recall = memory.recall(uow)
    for arrival in fresh:
        if arrival.print is not None and arrival.customer is not None:
            timeline = memory.timeline(uow, policy, arrival.customer, earliest[arrival.customer])
            arrival.alike = timeline.note(arrival.print, recall)


def _row(a: _Arrival) -> NewMessage:
    event = a.event
    keeps_text = a.speaker not in (Speaker.COLLEAGUE, Speaker.BOT)
    return NewMessage(
        root=a.root, place_id=a.place, message_id=event.message_id, edit=event.edit, speaker=a.speaker,
        customer_id=a.customer, attributed_id=a.attributed, author=a.author, sent_at=a.at,
        thread=event.thread, reply_to=event.reply_to, mentions=" ".join(event.mentions) if event.mentions else "",
        direct=event.direct,
        text=event.text if keeps_text else None, raw_key=a.raw_key if keeps_text else None, print=a.print,
        alike=b"".join(sorted(a.alike)) if a.alike else None,
    )  # fmt: skip


def _count(a: _Arrival, row: int, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> int | None:
    """Count one stored wording; the detection that it opened or joined."""
    if a.print is None or a.customer is None:
        return None
    timeline = memory.timeline(uow, policy, a.customer, a.at)
    message = a.root or row
    fills = timeline.add(message, a.at, a.print)
    if not fills:
        return None
    recovered = a.event.recovered and now - a.at > NOTICED
    return detections.record(
        a.customer, gathered(fills), timeline, timeline.left_out, uow, policy, now, memory, recovered=recovered
    )


def _with_files(fresh: list[_Arrival], ids: Sequence[int | None]) -> list[files.Sent]:
    """What was stored now of those whose word is evidence, and has something hanging on it."""
    return [
        (a.root or row, a.author, a.at, a.event)
        for a, row in zip(fresh, ids, strict=True)
        if a.event.files and row is not None and a.speaker in files.EVIDENCE
    ]


def _withdraw(fresh: list[_Arrival], uow: UnitOfWork) -> None:
    """A wording that comes after its message was taken back goes the same way."""
    for a in fresh:
        when = next((k.deleted_at for k in a.known if k.deleted_at is not None), None)
        if when is not None:
            uow.messages.delete(a.event.platform, a.event.workspace, a.event.channel, a.event.message_id, when)


def delete(event: MessageDeleted, uow: UnitOfWork, policy: Policy, now: datetime) -> Applied:
    """Note that a message was taken back; it still counts, its text goes after the policy's hours."""
    rows = uow.messages.delete(event.platform, event.workspace, event.channel, event.message_id, event.deleted_at)
    return Applied(f"message:{event.message_id}", ("deleted_at",) if rows else ())


def redact(event: MessageRedacted, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> Applied:
    """Empty a text and its files at once; hashes stay, and an audit entry says who did it and why (rules.md 4)."""
    customers = uow.messages.redact(event.platform, event.workspace, event.channel, event.message_id)
    subject = f"message:{event.platform}:{event.workspace}:{event.channel}:{event.message_id}"
    if not customers:
        raise NotFound("message", subject)
    held = {customer for customer in customers if customer is not None}
    uow.customers.hold(held)
    uow.customers.changed(held)
    memory.forget(held)
    uow.files.redact(event.platform, event.workspace, event.channel, event.message_id)
    uow.audit.append(now, event.actor, "message.redacted", subject, {"reason": event.reason})
    return Applied(subject, ("body",))
