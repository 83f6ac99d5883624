"""One pass over an export: who speaks, how much there is, what cannot be read; then all of it in order of time."""

import heapq
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Protocol

from bot.domain.events import MessageDeleted, MessagePosted
from bot.domain.model import Membership, Platform

Event = MessagePosted | MessageDeleted
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or record that could not be read; never its text. `record` counts from 1 and is "" for a whole file."""

    file: str
    record: str
    key: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who speaks in the export or is listed in it; `account` is `platform:workspace:id`."""

    account: str
    name: str
    is_bot: bool
    guest: bool = False
    """A guest of the workspace: bears its team id and is an outsider all the same (slack.md 24)."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A record that is in order and is nobody's speech (joins, topics, calls)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A record, or the rest of a file, that cannot be read."""

    key: str
    fields: tuple[tuple[str, str], ...] = ()


Outcome = MessagePosted | MessageDeleted | Ignored | Unread


class Reader(Protocol):
    """What one kind of export knows: its message files and what each record in them means."""

    @property
    def platform(self) -> Platform: ...

    @property
    def files(self) -> tuple[str, ...]: ...

    @property
    def overlaps(self) -> bool:
        """Whether two files may rightly hold the same message (exports of overlapping times)."""

    @property
    def people(self) -> Mapping[str, Person]:
        """Those whom the export lists; who only speaks is found by the survey."""

    @property
    def channels(self) -> Mapping[str, str]: ...

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """What could not be read of everything but messages."""

    def outcomes(self, file: str) -> Iterator[tuple[int, Outcome]]:
        """Each record by its number from 1; number 0 says that the file cannot be read further."""


@dataclass(frozen=True, slots=True)
class Span:
    """One file in time; `ordered` says whether its events can be taken as they stand."""

    index: int
    file: str
    first: datetime
    ordered: bool


@dataclass(frozen=True, slots=True)
class Survey:
    """What the pass found; `dropped` are (file, record) that stand elsewhere already."""

    records: int
    messages: int
    deletions: int
    ignored: Mapping[str, int]
    unread: int
    people: Mapping[str, Person]
    skipped: tuple[Skipped, ...]
    spans: tuple[Span, ...]
    dropped: frozenset[tuple[int, int]]


@dataclass(slots=True)
class _Tally:
    counts: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)
    people: dict[str, Person] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    dropped: set[tuple[int, int]] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)


def take_survey(reader: Reader) -> Survey:
    """Read every file once; nothing of the texts is kept."""
    tally = _Tally(people=dict(reader.people), skipped=list(reader.skipped))
    for index, file in enumerate(reader.files):
        _file(reader, index, file, tally)
    return Survey(
        tally.counts["records"],
        tally.counts["messages"],
        tally.counts["deletions"],
        dict(sorted(tally.ignored.items())),
        tally.counts["unread"],
        tally.people,
        tuple(tally.skipped),
        tuple(sorted(tally.spans, key=lambda span: (span.first, span.index))),
        frozenset(tally.dropped),
    )


def in_order(reader: Reader, survey: Survey) -> Iterator[Event]:
    """All events by time, then channel, then record; files are opened when their time comes."""
    heap: list[tuple[_Key, Event, Iterator[tuple[_Key, Event]]]] = []

    def advance(rows: Iterator[tuple[_Key, Event]]) -> None:
        if (row := next(rows, None)) is not None:
            heapq.heappush(heap, (*row, rows))

    for span in survey.spans:
        while heap and heap[0][0][0] < span.first:
            _, event, rows = heapq.heappop(heap)
            yield event
            advance(rows)
        rows = _rows(reader, span, survey.dropped)
        advance(rows if span.ordered else iter(sorted(rows, key=lambda row: row[0])))
    while heap:
        _, event, rows = heapq.heappop(heap)
        yield event
        advance(rows)


def clean(text: str) -> str:
    """Text that every database takes: lone surrogates and NUL become U+FFFD."""
    return text if text.isascii() and "\0" not in text else _UNSTORABLE.sub("\ufffd", text)


_Key = tuple[datetime, str, int, int]


def _when(event: Event) -> datetime:
    return event.sent_at if isinstance(event, MessagePosted) else event.deleted_at


def _rows(reader: Reader, span: Span, dropped: frozenset[tuple[int, int]]) -> Iterator[tuple[_Key, Event]]:
    for number, outcome in reader.outcomes(span.file):
        if isinstance(outcome, MessagePosted | MessageDeleted) and (span.index, number) not in dropped:
            yield (_when(outcome), outcome.channel, span.index, number), outcome


def _file(reader: Reader, index: int, file: str, tally: _Tally) -> None:
    first = last = LATEST
    ordered, empty = True, True
    here: set[int] = set()
    for number, found in reader.outcomes(file):
        outcome = found
        if isinstance(outcome, MessagePosted):
            outcome = _again(outcome, here, tally.seen, overlaps=reader.overlaps) or outcome
        tally.counts["records"] += number > 0
        if isinstance(outcome, Unread):
            tally.skipped.append(Skipped(file, str(number) if number else "", outcome.key, outcome.fields))
            tally.counts["unread"] += number > 0
        elif isinstance(outcome, Ignored):
            tally.ignored[outcome.reason] += 1
        else:
            _count(outcome, tally)
            when = _when(outcome)
            ordered = ordered and (empty or last <= when)
            first, last, empty = min(first, when), when, False
            continue
        if outcome is not found:
            tally.dropped.add((index, number))
    if not empty:
        tally.spans.append(Span(index, file, first, ordered))


def _count(event: Event, tally: _Tally) -> None:
    if isinstance(event, MessageDeleted):
        tally.counts["deletions"] += 1
        return
    tally.counts["messages"] += 1
    account = f"{event.platform}:{event.home or event.workspace}:{event.author}"
    known = tally.people.get(account)
    if known is None or (not known.name and event.author_name):
        tally.people[account] = Person(account, event.author_name, event.membership is Membership.BOT)


def _again(event: MessagePosted, here: set[int], seen: set[int], *, overlaps: bool) -> Unread | Ignored | None:
    """The same message a second time: a mistake, unless another file of overlapping times holds the same wording.

    Hashes of 64 bits stand for the identities, so that 300,000 messages need some megabytes.
    """
    identity = (event.platform, event.workspace, event.channel, event.message_id, event.edit)
    mark, wording = hash(identity), hash((*identity, event.text))
    if mark not in seen:
        seen.add(mark)
        if overlaps:
            seen.add(wording)
            here.add(mark)
        return None
    if overlaps and mark not in here and wording in seen:
        return Ignored("again")
    return Unread("duplicate")
