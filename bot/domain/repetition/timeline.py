"""What one customer said lately, ready to be compared and counted; a cache of rows."""

from bisect import insort
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nlargest
from typing import Final

import numpy as np
import numpy.typing as npt

from bot.domain.likeness import BITS, Fingerprint, floor_of, same_content
from bot.domain.policy import Window
from bot.domain.repetition.fill import Fill, Item, filled, reach

SLACK: Final = timedelta(hours=1)
"""How much later than the longest window a timeline keeps items, so that events a little out of order still fit."""
KEY: Final = 16
"""Bytes of a content key."""
CENTERS: Final = 64
"""Distinct near-same contents tried as centers for one message: with more than so many spellings of one demand in a day
the largest count is among the best connected, and trying all would let one sender hold up everybody."""
WORDS: Final = BITS // 64
MIXED: Final = b""
"""Stands for the wording of a message that was edited: it has more than one."""

_ENOUGH: Final = np.array([floor_of(grams) / (1 + floor_of(grams)) for grams in range(BITS + 1)])
"""By the grams of the smaller: what share of both sizes together must be common; Jaccard f is f / (1 + f) of them."""

Bits = npt.NDArray[np.uint64]
Recall = Callable[[int], Fingerprint | None]


@dataclass(slots=True)
class _Body:
    """One distinct content: where its bitmap stands, which others it is near, when it was said."""

    print: Fingerprint
    row: int
    near: set[bytes]
    items: list[Item]
    sample: int = 0
    restored: bool = False
    """Put back from rows: it may never have been in memory beside some of the others, so it is compared once more."""
    noted: int = 0
    """Messages that were compared and are not added yet; such a body is not dropped."""


class Timeline:
    """A cache of one customer's counted contents over the longest window; rebuilt from rows whenever in doubt."""

    def __init__(self, windows: tuple[Window, ...], limit: int, since: datetime, keep: bool) -> None:
        """`limit` distinct contents at most; the oldest are left out.

        Everything sent at or after `since` is or will be here; with `keep` nothing is dropped as time goes on, which
        is for a late message and for counting a whole history again.
        """
        self.windows = windows
        self.longest = reach(windows)
        self.fewest = min((w.count for w in windows), default=0)
        self.limit = limit
        self.since = since
        self.keep = keep
        self.comparisons = 0
        self.newest: datetime | None = None
        self.detection_of: dict[int, int] = {}
        self.raw_of: dict[int, bytes] = {}
        self._bodies: OrderedDict[bytes, _Body] = OrderedDict()
        self._first: dict[int, bytes] = {}
        self._edited: dict[int, set[bytes]] = {}
        self._promised: dict[bytes, set[bytes]] = {}  # content that is not here yet → those known to be near it
        self._left: deque[datetime] = deque()
        self._order: deque[tuple[datetime, int, bytes]] = deque()
        self._keys: list[bytes] = []  # row number → content key, beside the two arrays
        self._bits = np.zeros((16, WORDS), dtype=np.uint64)
        self._sizes = np.zeros(16, dtype=np.int64)

    def covers(self, at: datetime) -> bool:
        """Whether every message that could share a window with one sent at `at` is still here."""
        return at - self.longest >= self.since

    @property
    def left_out(self) -> int:
        """Distinct contents of the longest window that the limit left out of the comparison."""
        return len(self._left)

    def note(self, print: Fingerprint, recall: Recall, known: bytes = b"") -> frozenset[bytes]:
        """Compare a content with all others once; the keys of those that are near-same.

        `recall` fetches a content whose text was not kept in memory; `known` are keys found near-same before, for a
        content whose own text is gone.
        """
        body = self._bodies.get(print.key)
        if body is None or body.restored or self.keep:
            bits = np.frombuffer(print.bitmap, dtype=np.uint64)
            size = int.from_bytes(print.bitmap, "little").bit_count()
            near = self._near(print, bits, size, recall)
            if body is None:
                body = self._admit(print, bits, size, near)
            else:
                body.restored = False
                self._connect(body, b"".join(near))
        if body.print.content is None:
            body.print = print
        if known:
            self._connect(body, known)
        body.noted += 1
        self._bodies.move_to_end(print.key)
        return frozenset(body.near)

    def _near(self, print: Fingerprint, bits: Bits, size: int, recall: Recall) -> set[bytes]:
        count = len(self._keys)
        if count == 0:
            return set()
        self.comparisons += count
        both = np.add.reduce(np.bitwise_count(self._bits[:count] & bits), axis=1, dtype=np.uint16)
        sizes = self._sizes[:count]
        enough = _ENOUGH[np.minimum(sizes, size)] * (sizes + size)
        return {
            key
            for key in (self._keys[i] for i in (both >= enough).nonzero()[0])
            if same_content(print, self._recalled(key, recall))
        }

    def _recalled(self, key: bytes, recall: Recall) -> Fingerprint:
        body = self._bodies[key]
        if body.print.content is None and body.sample:
            body.print = recall(body.sample) or body.print
            body.sample = 0
        return body.print

    def _admit(self, print: Fingerprint, bits: Bits, size: int, near: set[bytes]) -> _Body:
        if len(self._bodies) >= self.limit:
            oldest = next(iter(self._bodies))
            said = self._bodies[oldest].items
            self._left.append(said[-1][0] if said else self.newest or self.since)
            self._drop(oldest)
            near &= self._bodies.keys()
        row = len(self._keys)
        if row == len(self._bits):
            self._bits = np.concatenate([self._bits, np.zeros_like(self._bits)])
            self._sizes = np.concatenate([self._sizes, np.zeros_like(self._sizes)])
        self._bits[row] = bits
        self._sizes[row] = size
        self._keys.append(print.key)
        body = self._bodies[print.key] = _Body(print, row, near, [])
        near |= self._promised.pop(print.key, set()) & self._bodies.keys()
        near.discard(print.key)
        for key in near:
            self._bodies[key].near.add(print.key)
        return body

    def _drop(self, key: bytes) -> None:
        body = self._bodies.pop(key)
        for other in body.near:
            self._bodies[other].near.discard(key)
        last = self._keys.pop()
        if last != key:
            self._keys[body.row] = last
            self._bits[body.row] = self._bits[len(self._keys)]
            self._sizes[body.row] = self._sizes[len(self._keys)]
            self._bodies[last].row = body.row

    def restore(self, print: Fingerprint, id: int, sample: int, at: datetime, near: bytes) -> None:
        """Put a stored wording back, oldest first; nothing is compared, `near` is what was found when it came."""
        body = self._bodies.get(print.key)
        if body is None:
            bits = np.frombuffer(print.bitmap, dtype=np.uint64)
            body = self._admit(print, bits, int.from_bytes(print.bitmap, "little").bit_count(), set())
            body.sample, body.restored = sample, True
        self._connect(body, near)
        self._bodies.move_to_end(print.key)
        self._place(id, at, print)

    def _connect(self, body: _Body, near: bytes) -> None:
        for start in range(0, len(near), KEY):
            other = self._bodies.get(near[start : start + KEY])
            if other is None:
                self._promised.setdefault(near[start : start + KEY], set()).add(body.print.key)
            elif other is not body:
                other.near.add(body.print.key)
                body.near.add(other.print.key)

    def add(self, id: int, at: datetime, print: Fingerprint) -> list[Fill]:
        """Count a message whose content was noted; every window that it fills."""
        body = self._bodies.get(print.key)
        if body is None:
            return []
        self._place(id, at, print)
        body.noted -= 1
        self._prune(at)
        return self._fills(id, at, print.key)

    def _place(self, id: int, at: datetime, print: Fingerprint) -> None:
        key = print.key
        if self.raw_of.setdefault(id, print.raw_key) != print.raw_key:
            self.raw_of[id] = MIXED
        if self._first.get(id) == key or key in self._edited.get(id, ()):
            return  # another wording of the same content: counted once
        insort(self._bodies[key].items, (at, id))
        self._order.append((at, id, key))
        if self.newest is None or at > self.newest:
            self.newest = at
        first = self._first.setdefault(id, key)
        if first != key:
            self._edited.setdefault(id, {first}).add(key)

    def _prune(self, at: datetime) -> None:
        oldest = max(at, self.newest or at) - self.longest - SLACK
        if self.keep or oldest <= self.since:
            return
        self.since = oldest
        while self._left and self._left[0] < oldest + SLACK:
            self._left.popleft()
        while self._order and self._order[0][0] < oldest:
            when, id, key = self._order.popleft()
            self._first.pop(id, None)
            self._edited.pop(id, None)
            self.detection_of.pop(id, None)
            self.raw_of.pop(id, None)
            body = self._bodies.get(key)
            if body is not None:
                if body.items and body.items[0] == (when, id):
                    del body.items[0]
                else:
                    body.items = [item for item in body.items if item != (when, id)]
                if not body.items and not body.noted:
                    self._drop(key)

    def _fills(self, id: int, at: datetime, key: bytes) -> list[Fill]:
        body = self._bodies[key]
        if not body.near and not self._edited and len(body.items) < self.fewest:
            return []
        around = {key} | body.near
        if len(around) < CENTERS and not self._edited and self._said(self._reach(around)) < self.fewest:
            return []
        return [
            fill
            for star, centers in self._stars(self._foremost(around, key))
            for fill in filled(star, centers, at, self.windows)
            if id in fill.members
        ]

    def _said(self, keys: Iterable[bytes]) -> int:
        return sum(len(self._bodies[key].items) for key in keys)

    def _foremost(self, around: set[bytes], key: bytes) -> set[bytes]:
        """The contents to be tried as centers: all, or where there are very many the new one and the best connected."""
        if len(around) <= CENTERS:
            return around
        return {key, *nlargest(CENTERS - 1, around, key=lambda other: (len(self._bodies[other].near), other))}

    def _stars(self, around: set[bytes]) -> Iterator[tuple[list[Item], list[Item]]]:
        """(messages with the same content as one of the centers, the centers), for every center near the message."""
        groups: dict[frozenset[bytes], list[Item]] = {}
        for key in around:
            body = self._bodies[key]
            plain = body.items
            if self._edited:
                plain = [item for item in plain if item[1] not in self._edited]
                for item in body.items:
                    if item[1] in self._edited:
                        groups.setdefault(self._reach(self._edited[item[1]]), []).append(item)
            groups.setdefault(self._reach((key,)), []).extend(plain)
        for alike, centers in groups.items():
            if len(alike) == 1:
                yield self._bodies[next(iter(alike))].items, centers
            else:
                yield sorted({item for key in alike for item in self._bodies[key].items}), sorted(centers)

    def _reach(self, keys: Iterable[bytes]) -> frozenset[bytes]:
        here = [key for key in keys if key in self._bodies]
        return frozenset(here).union(*(self._bodies[key].near for key in here))
