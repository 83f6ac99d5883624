"""Counting equals the rule's own sentence, whatever the order of arrival, the edits and the restarts (rules.md 2)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count, product
from typing import Any
from unittest.mock import patch

import pytest
from harness import KEY, POLICY
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from oracle import OracleBurst, Said, oracle

from bot.app import Bot
from bot.domain.events import CustomersMerged, MessagePosted
from bot.domain.likeness import BITS, Fingerprint, Fingerprinter, same_content
from bot.domain.model import Kind, Platform, Trace
from bot.domain.notices import Applied, Received
from bot.domain.policy import Window
from bot.domain.repetition import Burst, Fill, Timeline, bursts_of
from bot.handlers.memory import load
from storage.database import Database

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
WINDOWS = (Window("10m", 10 * MINUTE, 3), Window("60m", 60 * MINUTE, 4), Window("24h", 24 * HOUR, 6))
LIMIT = 2000
SPANS = (0, 1, 5, 9, 10, 11, 30, 50, 60, 61, 240, 1440, 1441, 1499, 1500, 1501, 1530, 2900)
"""Minutes between messages: equal times, both sides of every window's end, and of what is kept in memory."""
# Every gram in common: whether two contents are near is then up to the relation alone, not to the filter before it.
ALL_GRAMS = b"\xff" * (BITS // 8)
SPEEDY = settings(
    max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
LONG = settings(
    max_examples=6000, deadline=None, print_blob=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)


def content(number: int) -> Fingerprint:
    """A content that is its number; what is near it says the relation."""
    return Fingerprint(number.to_bytes(16, "big"), number.to_bytes(8, "big"), bytes(8), ALL_GRAMS, None)


def forgotten(_: int) -> None:
    """No text is kept: what is near is up to the relation."""


@dataclass(frozen=True)
class Wording:
    """One wording on its way in; `edit` is its number within the message, 0 the first."""

    message: int
    edit: int
    at: datetime
    content: int


@dataclass(frozen=True)
class Story:
    """A customer's wordings in order of arrival, which contents are near, and before which arrivals we restart."""

    arrivals: tuple[Wording, ...]
    near: frozenset[frozenset[int]]
    restarts: frozenset[int]

    def same(self, a: object, b: object) -> bool:
        return a == b or frozenset((a, b)) in self.near

    def expected(self) -> list[OracleBurst]:
        messages: dict[int, Said] = {}
        for word in self.arrivals:
            before = messages.get(word.message)
            contents = (before.contents if before else frozenset()) | {word.content}
            messages[word.message] = Said(word.at, contents)
        return oracle(messages, self.same, WINDOWS)


@st.composite
def stories(draw: Callable[..., Any], in_order: bool = False, restarting: bool = True, most: int = 40) -> Story:
    kinds = draw(st.integers(1, 5))
    pairs = [frozenset((a, b)) for a in range(kinds) for b in range(a)]
    near = frozenset(pair for pair in pairs if draw(st.booleans()))
    spans = draw(st.lists(st.sampled_from(SPANS), min_size=2, max_size=most))
    times_edited = st.sampled_from(draw(st.sampled_from(((0,), (0, 0, 0, 0, 1), (0, 0, 1, 1, 2)))))
    words, at = [], START
    for message, span in enumerate(spans, start=1):
        at += span * MINUTE
        edits = range(draw(times_edited) + 1)
        words += [Wording(message, edit, at, draw(st.integers(0, kinds - 1))) for edit in edits]
    if not in_order:
        reach = draw(st.sampled_from((0, 3, 100)))
        places = [(i + draw(st.integers(0, reach)), i) for i in range(len(words))]
        words = [words[i] for _, i in sorted(places)]
    restarts = frozenset(draw(st.sets(st.integers(0, len(words) - 1), max_size=4))) if restarting else frozenset()
    return Story(tuple(words), near, restarts)


@dataclass
class Rows:
    """What would be stored: enough of `Messages` and of `Memory` for one customer."""

    story: Story
    windows: tuple[Window, ...] = WINDOWS
    traces: list[Trace] = field(default_factory=list)
    roots: dict[int, int] = field(default_factory=dict)
    timeline: Timeline | None = None
    comparisons: int = 0
    ids: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def messages(self) -> "Rows":
        return self

    @property
    def max_contents(self) -> int:
        return LIMIT

    def recent(self, customer: int, start: datetime, end: datetime) -> list[Trace]:
        found = [trace for trace in self.traces if start <= trace.at <= end]
        return sorted(found, key=lambda trace: (trace.at, trace.id))

    def reaching(self, at: datetime) -> Timeline:
        """As Memory.timeline: the one in memory while it reaches far enough back, else one from rows."""
        if self.timeline is None or not self.timeline.covers(at):
            late = self.timeline is not None
            self.timeline = load(self, self, 1, at, keep=late)  # type: ignore[arg-type]
        return self.timeline

    def receives(self, word: Wording) -> list[Fill]:
        """Note, store, count: what one arriving wording fills."""
        print, timeline = content(word.content), self.reaching(word.at)
        before = timeline.comparisons
        alike = timeline.note(print, forgotten)
        assert timeline.comparisons - before <= LIMIT
        self.comparisons += timeline.comparisons - before
        id = next(self.ids)
        root = self.roots.setdefault(word.message, id)
        row = (id, root, word.at, print.key, print.raw_key, print.numbers_key, print.bitmap)
        self.traces.append(Trace(*row, b"".join(sorted(alike)) or None, None))
        fills = timeline.add(root, word.at, print)
        if timeline.keep:
            self.timeline = None
        return fills


def counted(story: Story) -> list[OracleBurst]:
    """The bursts that the incremental way finds, message ids and all, in the oracle's words."""
    rows = Rows(story)
    fills = []
    with patch("bot.domain.repetition.timeline.same_content", lambda a, b: story.same(_number(a), _number(b))):
        for place, word in enumerate(story.arrivals):
            if place in story.restarts:
                rows.timeline = None
            fills.append(rows.receives(word))
    return _in_words(bursts_of(fills), {root: message for message, root in rows.roots.items()})


def _number(print: Fingerprint) -> int:
    return int.from_bytes(print.key, "big")


def _in_words(bursts: list[Burst], message_of: dict[int, int]) -> list[OracleBurst]:
    found = [
        OracleBurst(frozenset(message_of[m] for m in b.members), b.window.name, b.count, b.first, b.at, b.last)
        for b in bursts
    ]
    return sorted(found, key=lambda b: (b.at, sorted(b.members)))


def said(*minutes_and_contents: tuple[float, int], near: tuple[tuple[int, int], ...] = ()) -> Story:
    """A story by hand: a message a pair, in order of arrival."""
    words = [Wording(i, 0, START + m * MINUTE, c) for i, (m, c) in enumerate(minutes_and_contents, start=1)]
    return Story(tuple(words), frozenset(map(frozenset, near)), frozenset())


def agrees(story: Story) -> None:
    assert counted(story) == story.expected()


@SPEEDY
@given(stories(in_order=True, restarting=False))
def test_in_order_the_count_is_the_rules_sentence(story: Story) -> None:
    agrees(story)


@SPEEDY
@given(stories(in_order=True))
def test_a_restart_changes_no_count(story: Story) -> None:
    agrees(story)


@SPEEDY
@given(stories(restarting=False))
def test_the_order_of_arrival_changes_no_count(story: Story) -> None:
    agrees(story)


@SPEEDY
@given(stories())
def test_neither_order_nor_edits_nor_restarts_change_a_count(story: Story) -> None:
    agrees(story)


@pytest.mark.soak
@LONG
@given(stories())
def test_many_timelines_agree_with_the_rules_sentence(story: Story) -> None:
    agrees(story)


def test_both_ends_of_a_window_count() -> None:
    assert counted(said((0, 1), (5, 1), (10, 1)))[0].window == "10m"
    assert counted(said((0, 1), (5, 1), (10 + 1 / 60, 1))) == []
    whole_day = [(minutes, 1) for minutes in (0, 288, 576, 864, 1152, 1440)]
    assert [(b.window, b.count) for b in counted(said(*whole_day))] == [("24h", 6)]
    assert counted(said(*whole_day[:-1], (1440 + 1 / 60, 1))) == []


def test_what_is_near_does_not_chain() -> None:
    chain = said((0, 1), (1, 2), (2, 3), (3, 4), near=((1, 2), (2, 3), (3, 4)))
    assert [b.count for b in counted(chain)] == [3]
    assert counted(said((0, 1), (1, 2), (2, 3), near=((1, 2),))) == []


def test_a_message_edited_without_a_new_content_counts_once() -> None:
    once = (Wording(1, 0, START, 1), Wording(1, 1, START, 1), Wording(1, 2, START, 1), Wording(2, 0, START + MINUTE, 1))
    assert counted(Story(once, frozenset(), frozenset())) == []
    assert counted(Story(once, frozenset(), frozenset({2, 3}))) == []


def test_either_wording_of_an_edited_message_joins_those_of_the_other() -> None:
    words = (
        Wording(1, 0, START, 1),
        Wording(2, 0, START + MINUTE, 1),
        Wording(2, 1, START + MINUTE, 2),
        Wording(3, 0, START + 2 * MINUTE, 2),
    )
    story = Story(words, frozenset(), frozenset())
    assert [(b.members, b.count) for b in story.expected()] == [(frozenset({1, 2, 3}), 3)]
    agrees(story)


def test_what_came_late_stays_near_after_a_restart() -> None:
    for last in (1, 3):
        story = said((5, 1), (0, 2), (6, last), near=((1, 2), (1, 3)))
        assert [b.count for b in story.expected()] == [3]
        agrees(Story(story.arrivals, story.near, frozenset({2})))


def test_a_late_message_is_compared_with_what_was_never_in_memory_beside_its_content() -> None:
    """The content was said 25.5 h before the others; a late one of the same content lies within 24 h of both."""
    day = [(25.5 * 60 + number, number) for number in range(2, 7)]
    near = tuple((1, number) for number in range(2, 7))
    agrees(said((0, 1), *day, (10 * 60, 1), near=near))


def test_a_content_put_back_from_rows_is_compared_with_what_came_after_it_had_been_dropped() -> None:
    """1 was dropped when 9 came; 2 to 6 came then, a little late; a restart puts 1 back beside them."""
    words = said(
        (0, 1), (1501, 9), *((1453 + n, n) for n in range(2, 7)), (1500, 1), near=tuple((1, n) for n in range(2, 7))
    )
    assert [b.count for b in words.expected()] == [6]
    agrees(Story(words.arrivals, words.near, frozenset({7})))


def test_a_content_is_compared_once_however_often_it_is_said() -> None:
    story = said(*((minute, minute % 3) for minute in range(30)))
    rows = Rows(story)
    for word in story.arrivals:
        rows.receives(word)
    assert rows.comparisons == 0 + 1 + 2


def timeline(limit: int = LIMIT, keep: bool = False) -> Timeline:
    return Timeline(WINDOWS, limit, START - 25 * HOUR, keep)


def test_beyond_the_limit_the_content_said_longest_ago_is_left_out() -> None:
    line = timeline(limit=3)
    with patch("bot.domain.repetition.timeline.same_content", lambda a, b: a.key == b.key):
        fills = []
        for id, number in enumerate((1, 2, 3, 1, 4, 2, 1), start=1):  # 4 leaves out 2; then 2 leaves out 3; 1 stays
            line.note(content(number), forgotten)
            fills.append(line.add(id, START + id * MINUTE, content(number)))
    assert line.left_out == 2
    assert [fill.members for fill in fills[-1]] == [frozenset({1, 4, 7})]
    assert line.comparisons == 0 + 1 + 2 + 3 + 3


@pytest.mark.parametrize("limit", [1, 3, 20])
def test_a_message_costs_at_most_as_many_comparisons_as_the_limit(limit: int) -> None:
    line = timeline(limit=limit)
    with patch("bot.domain.repetition.timeline.same_content", lambda a, b: a.key == b.key):
        for id in range(1, 60):
            before = line.comparisons
            line.note(content(id), forgotten)
            line.add(id, START + id * MINUTE, content(id))
            assert line.comparisons - before <= limit
    assert line.left_out == 59 - limit


@SPEEDY
@given(stories(in_order=True, restarting=False))
def test_dropping_what_is_old_changes_nothing_in_order(story: Story) -> None:
    found: list[list[list[Fill]]] = []
    with patch("bot.domain.repetition.timeline.same_content", lambda a, b: story.same(_number(a), _number(b))):
        for keep in (True, False):
            line = timeline(keep=keep)
            of_this = []
            for word in story.arrivals:
                line.note(content(word.content), forgotten)
                of_this.append(line.add(word.message, word.at, content(word.content)))
            found.append(of_this)

    def shown(fills: list[Fill]) -> set[tuple[object, ...]]:
        return {(f.window.name, f.count, f.opens, f.at, f.members) for f in fills}

    assert [shown(fills) for fills in found[0]] == [shown(fills) for fills in found[1]]


def test_memory_does_not_grow_with_time() -> None:
    line = timeline()
    with patch("bot.domain.repetition.timeline.same_content", lambda a, b: a.key == b.key):
        for day, number in product(range(60), range(5)):
            at = START + timedelta(days=day, minutes=number)
            line.note(content(5 * day + number), forgotten)
            line.add(5 * day + number + 1, at, content(5 * day + number))
    held = (line._bodies, line._keys, line._order, line._first, line.raw_of)
    assert max(map(len, held)) <= 10


# The same with everything in: real texts, the door, rows, batches, deliveries twice over, restarts, replicas.

STOCK = (
    "在庫の数が合いません。直してください",
    "在庫の数が合いません。直してください!!",
    "在庫の数があいません。なおしてください",
)
BILL = ("請求書の金額が間違っています。返金をお願いします", "請求書の金額が間違っています、返金をお願いします")
LOGIN = (
    "I still cannot log in to my account. Please reset my password.",
    "i still cannot log in to my account, please reset my password",
)
TEXTS = (*STOCK, *BILL, *LOGIN)
HOUSE = settings(SPEEDY, max_examples=40, phases=(Phase.explicit, Phase.generate))
HOUSE_LONG = settings(LONG, max_examples=1000)


@dataclass
class Town:
    """One database for all examples; each has customers and a time of its own."""

    database: Database
    printer: Fingerprinter
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def bot(self, now: datetime) -> Bot:
        return Bot(self.database, POLICY, lambda: now, self.database.lookup.content_key)

    def same(self, a: object, b: object) -> bool:
        one, other = self.printer.of(str(a)), self.printer.of(str(b))
        assert one is not None
        assert other is not None
        return same_content(one, other)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('town') / 'kasuhara.db'}", KEY)
    yield Town(database, Fingerprinter(database.lookup.content_key))
    database.close()


def test_the_alphabet_is_clear(town: Town) -> None:
    for one, other in product((STOCK, BILL, LOGIN), repeat=2):
        assert {town.same(a, b) for a in one for b in other} == {one is other}


@dataclass(frozen=True)
class Delivery:
    """Deliveries in order, cut into batches; which of two replicas takes each batch, and which restarts before it."""

    batches: tuple[tuple[Wording, ...], ...]
    replicas: tuple[int, ...]
    restarts: frozenset[int]


@st.composite
def deliveries(draw: Callable[..., Any]) -> Delivery:
    spans = draw(st.lists(st.sampled_from(SPANS), min_size=2, max_size=24))
    words, at = [], START
    for message, span in enumerate(spans, start=1):
        at += span * MINUTE
        edits = draw(st.sampled_from((0, 0, 0, 0, 1, 2)))
        words += [Wording(message, e, at, draw(st.integers(0, len(TEXTS) - 1))) for e in range(edits + 1)]
    words += draw(st.lists(st.sampled_from(words), max_size=6))
    reach = draw(st.sampled_from((0, 3, 100)))
    words = [words[i] for _, i in sorted((i + draw(st.integers(0, reach)), i) for i in range(len(words)))]
    batches = []
    while words:
        size = draw(st.sampled_from((1, 1, 2, 5, 64)))
        batches.append(tuple(words[:size]))
        words = words[size:]
    replicas = tuple(draw(st.integers(0, 1)) for _ in batches)
    return Delivery(tuple(batches), replicas, frozenset(draw(st.sets(st.integers(0, len(batches) - 1), max_size=3))))


@dataclass
class Example:
    """One example in the town: its shift in time, its authors, what was said."""

    town: Town
    number: int
    said: dict[str, dict[int, Said]] = field(default_factory=dict)
    raws: dict[int, set[str]] = field(default_factory=dict)

    @property
    def shift(self) -> timedelta:
        return self.number * timedelta(days=90)

    def event(self, word: Wording, author: str) -> MessagePosted:
        text = TEXTS[word.content]
        messages = self.said.setdefault(author, {})
        before = messages.get(word.message)
        messages[word.message] = Said(word.at + self.shift, (before.contents if before else frozenset()) | {text})
        self.raws.setdefault(word.message, set()).add(text)
        return MessagePosted(
            platform=Platform.SLACK,
            workspace="TOWN",
            channel=f"C{word.message % 3}",
            message_id=f"{self.number}/{word.message}",
            edit=str(word.edit or ""),
            author=self.account(author),
            home="TCUST",
            text=text,
            sent_at=word.at + self.shift,
        )

    def account(self, author: str) -> str:
        return f"U{self.number}{author}"

    def deliver(self, delivery: Delivery, author_of: Callable[[int], str]) -> None:
        now = START + self.shift + timedelta(days=80)
        replicas = [self.town.bot(now), self.town.bot(now)]
        stored: set[tuple[int, int]] = set()
        texts: set[tuple[int, str]] = set()
        for place, (batch, which) in enumerate(zip(delivery.batches, delivery.replicas, strict=True)):
            if place in delivery.restarts:
                replicas[which] = self.town.bot(now)
            results = replicas[which].handle([self.event(word, author_of(word.message)) for word in batch])
            for word, result in zip(batch, results, strict=True):
                assert isinstance(result, Received), result
                again = (word.message, word.edit) in stored
                unchanged = bool(word.edit) and (word.message, TEXTS[word.content]) in texts
                assert result.stored is not (again or unchanged)
                if result.stored:
                    stored.add((word.message, word.edit))
                    texts.add((word.message, TEXTS[word.content]))

    def customer(self, author: str) -> int:
        account = f"slack:TCUST:{self.account(author)}"
        with self.town.database.read() as uow:
            return uow.customers.contacts([account])[account][0]

    def found(self, customer: int) -> list[tuple[OracleBurst, Kind]]:
        bursts = []
        with self.town.database.read() as uow:
            for d in uow.detections.of(customer, datetime(1970, 1, 1, tzinfo=UTC)):
                ids = uow.detections.messages(d.id)
                spoken = uow.messages.spoken(ids)
                assert len(spoken) == len(ids)
                members = frozenset(int(m.message_id.partition("/")[2]) for m in spoken)
                first = min(m.sent_at for m in spoken)
                bursts.append((OracleBurst(members, d.window, d.count, first, d.at, d.last_at), d.kind))
        return sorted(bursts, key=lambda found: (found[0].at, sorted(found[0].members)))

    def expected(self, *authors: str) -> list[tuple[OracleBurst, Kind]]:
        messages = {m: said for author in authors for m, said in self.said.get(author, {}).items()}
        bursts = oracle(messages, self.town.same, POLICY.windows)
        return [(b, self.kind(b)) for b in bursts]

    def kind(self, burst: OracleBurst) -> Kind:
        return Kind.EXACT if len(set().union(*(self.raws[m] for m in burst.members))) == 1 else Kind.NEAR


def one_customer_agrees(town: Town, delivery: Delivery) -> None:
    example = Example(town, next(town.numbers))
    example.deliver(delivery, lambda _: "A")
    assert example.found(example.customer("A")) == example.expected("A")


@HOUSE
@given(delivery=deliveries())
def test_the_whole_house_agrees_with_the_rules_sentence(town: Town, delivery: Delivery) -> None:
    one_customer_agrees(town, delivery)


@pytest.mark.soak
@HOUSE_LONG
@given(delivery=deliveries())
def test_the_whole_house_agrees_on_many_timelines(town: Town, delivery: Delivery) -> None:
    one_customer_agrees(town, delivery)


def merging_agrees(town: Town, delivery: Delivery) -> None:
    """Two customers become one and two again: each time the counts are those of all that was said (rules.md 3)."""
    example = Example(town, next(town.numbers))
    example.deliver(delivery, lambda message: "AB"[message % 2])
    if len(example.said) < 2:
        return
    a, b = example.customer("A"), example.customer("B")
    assert (example.found(a), example.found(b)) == (example.expected("A"), example.expected("B"))
    bot = town.bot(START + example.shift + timedelta(days=81))
    (merged,) = bot.handle([CustomersMerged(customer_id=b, into=a, actor="cli:test")])
    assert isinstance(merged, Applied), merged
    assert (example.found(a), example.found(b)) == (example.expected("A", "B"), [])
    (parted,) = bot.handle([CustomersMerged(customer_id=b, into=0, actor="cli:test", undo=True)])
    assert isinstance(parted, Applied), parted
    assert (example.found(a), example.found(b)) == (example.expected("A"), example.expected("B"))


@settings(HOUSE, max_examples=20)
@given(delivery=deliveries())
def test_customers_merged_and_parted_are_counted_again(town: Town, delivery: Delivery) -> None:
    merging_agrees(town, delivery)


@pytest.mark.soak
@settings(HOUSE_LONG, max_examples=500)
@given(delivery=deliveries())
def test_many_customers_merged_and_parted_are_counted_again(town: Town, delivery: Delivery) -> None:
    merging_agrees(town, delivery)


def by_hand(*words: tuple[float, str] | tuple[float, str, int], together: bool = False) -> Delivery:
    """Messages at minutes with texts; a third member names the message that this is an edit of."""
    made: list[Wording] = []
    for number, (minutes, text, *of) in enumerate(words, start=1):
        message = of[0] if of else number
        edit = sum(1 for word in made if word.message == message)
        made.append(Wording(message, edit, START + minutes * MINUTE, TEXTS.index(text)))
    batches = (tuple(made),) if together else tuple((word,) for word in made)
    return Delivery(batches, (0,) * len(batches), frozenset())


def test_a_batch_that_reaches_back_further_than_memory_counts_nothing_twice(town: Town) -> None:
    late = ((10 * 1440, BILL[0]), (0, STOCK[0]), (1, STOCK[0]))
    one_customer_agrees(town, by_hand(*late, together=True))
    one_customer_agrees(town, by_hand(*late, (2, STOCK[0]), together=True))


def test_a_timeline_built_from_rows_still_reads_texts_in_later_batches(town: Town) -> None:
    three = by_hand((0, STOCK[0]), (1, BILL[0]), (2, STOCK[2]), (3, STOCK[1]))
    one_customer_agrees(town, replace(three, restarts=frozenset({1})))


def test_an_edit_that_changes_no_content_is_no_repeat(town: Town) -> None:
    one_customer_agrees(town, by_hand((0, STOCK[0]), (0, STOCK[1], 1), (0, STOCK[0], 1)))


def test_a_message_edited_from_one_content_into_another_counts_for_both(town: Town) -> None:
    one_customer_agrees(town, by_hand((0, STOCK[0]), (1, STOCK[0]), (1, BILL[0], 2), (2, BILL[0])))
