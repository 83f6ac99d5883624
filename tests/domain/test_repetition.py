"""Counting equals the rule's own sentence, whatever the order of arrival, the edits and the restarts (rules.md 2)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count, product
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import OracleBurst, Said, oracle

from bot.domain.likeness import BITS, Fingerprint
from bot.domain.model import Trace
from bot.domain.policy import Window
from bot.domain.repetition import Burst, Fill, Timeline, bursts_of
from bot.handlers.memory import load

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
WINDOWS = (Window("10m", 10 * MINUTE, 3), Window("60m", 60 * MINUTE, 4), Window("24h", 24 * HOUR, 6))
LIMIT = 2000
SPANS = (0, 1, 5, 9, 10, 11, 30, 50, 60, 61, 240, 1440, 1441, 1499, 1500, 1501, 1530, 2900)
"""Minutes between messages: equal times, both sides of every window's end, and of what is kept in memory."""
# Every gram in common: whether two contents are near is then up to the relation alone, not to the filter before it.
ALL_GRAMS = b"\xff" * (BITS // 8)
ONE_AFTER_ANOTHER = 1
SPEEDY = settings(
    max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
LONG = settings(
    max_examples=6000, deadline=None, print_blob=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)


def content(number: int) -> Fingerprint:
    """A content that is its number; what is near it says the relation."""
    return Fingerprint(number.to_bytes(16, "big"), number.to_bytes(8, "big"), bytes(8), ALL_GRAMS, None)


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
    near = frozenset(draw(st.sets(st.sampled_from(pairs)))) if pairs else frozenset()
    spans = draw(st.lists(st.sampled_from(SPANS), min_size=2, max_size=most))
    words, at = [], START
    for message, span in enumerate(spans, start=1):
        at += span * MINUTE
        edits = draw(st.sampled_from((0, 0, 0, 0, 0, 0, 1, 1, 2)))
        words += [Wording(message, edit, at, draw(st.integers(0, kinds - 1))) for edit in range(edits + 1)]
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

    def text(self, id: int) -> None:
        return None

    def reaching(self, at: datetime) -> Timeline:
        """As Memory.timeline: the one in memory while it reaches far enough back, else one from rows."""
        if self.timeline is None or not self.timeline.covers(at):
            late = self.timeline is not None
            self.timeline = load(self, self, 1, at, None, keep=late)  # type: ignore[arg-type]
        return self.timeline

    def receives(self, word: Wording) -> list[Fill]:
        """Note, store, count: what one arriving wording fills."""
        print, timeline = content(word.content), self.reaching(word.at)
        before = timeline.comparisons
        alike = timeline.note(print)
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
    with patch("bot.domain.repetition.same_content", lambda a, b: story.same(_number(a), _number(b))):
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
    story = said((5, 1), (0, 2), (6, 1), near=((1, 2),))
    agrees(Story(story.arrivals, story.near, frozenset({2})))


def test_a_late_message_is_compared_with_what_was_never_in_memory_beside_its_content() -> None:
    """The content was said 25.5 h before the others; a late one of the same content lies within 24 h of both."""
    day = [(25.5 * 60 + minutes, 2) for minutes in range(5)]
    agrees(said((0, 1), *((m, 3 + i) for i, (m, _) in enumerate(day)), (10 * 60, 1), near=tuple((1, n) for n in range(3, 8))))


def test_a_content_is_compared_once_however_often_it_is_said() -> None:
    story = said(*((minute, minute % 3) for minute in range(30)))
    rows = Rows(story)
    for word in story.arrivals:
        rows.receives(word)
    assert rows.comparisons == 0 + 1 + 2


def timeline(limit: int = LIMIT, keep: bool = False) -> Timeline:
    return Timeline(WINDOWS, limit, lambda _: None, START - 25 * HOUR, keep)


def test_beyond_the_limit_the_content_said_longest_ago_is_left_out() -> None:
    line = timeline(limit=3)
    with patch("bot.domain.repetition.same_content", lambda a, b: a.key == b.key):
        fills = []
        for id, number in enumerate((1, 2, 3, 1, 4, 2, 1), start=1):  # 4 leaves out 2; then 2 leaves out 3; 1 stays
            line.note(content(number))
            fills.append(line.add(id, START + id * MINUTE, content(number)))
    assert line.left_out == 2
    assert [fill.members for fill in fills[-1]] == [frozenset({1, 4, 7})]
    assert line.comparisons == 0 + 1 + 2 + 3 + 3


@pytest.mark.parametrize("limit", [1, 3, 20])
def test_a_message_costs_at_most_as_many_comparisons_as_the_limit(limit: int) -> None:
    line = timeline(limit=limit)
    with patch("bot.domain.repetition.same_content", lambda a, b: a.key == b.key):
        for id in range(1, 60):
            before = line.comparisons
            line.note(content(id))
            line.add(id, START + id * MINUTE, content(id))
            assert line.comparisons - before <= limit
    assert line.left_out == 59 - limit


@SPEEDY
@given(stories(in_order=True, restarting=False))
def test_dropping_what_is_old_changes_nothing_in_order(story: Story) -> None:
    found: list[list[list[Fill]]] = []
    with patch("bot.domain.repetition.same_content", lambda a, b: story.same(_number(a), _number(b))):
        for keep in (True, False):
            line = timeline(keep=keep)
            of_this = []
            for word in story.arrivals:
                line.note(content(word.content))
                of_this.append(line.add(word.message, word.at, content(word.content)))
            found.append(of_this)

    def shown(fills: list[Fill]) -> set[tuple[object, ...]]:
        return {(f.window.name, f.count, f.opens, f.at, f.members) for f in fills}

    assert [shown(fills) for fills in found[0]] == [shown(fills) for fills in found[1]]


def test_memory_does_not_grow_with_time() -> None:
    line = timeline()
    with patch("bot.domain.repetition.same_content", lambda a, b: a.key == b.key):
        for day, number in product(range(60), range(5)):
            at = START + timedelta(days=day, minutes=number)
            line.note(content(5 * day + number))
            line.add(5 * day + number + 1, at, content(5 * day + number))
    held = (line._bodies, line._keys, line._order, line._first, line.raw_of)
    assert max(map(len, held)) <= 10
