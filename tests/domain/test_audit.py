"""The audit chain: whatever is done to it afterwards is found, at the entry where it was done (S2-16)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from random import Random

import pytest

from bot.domain.audit import FIRST, entry_hash, first_break
from bot.domain.model import AuditEntry

KEY = b"k" * 32
START = datetime(2026, 11, 20, 1, 0, 0, 123456, tzinfo=UTC)
Chain = list[AuditEntry]


def entry(seq: int, previous: bytes, key: bytes = KEY) -> AuditEntry:
    at = START + seq * timedelta(minutes=1)
    fields = (f"slack:T:U{seq}", "customer.merged", f"customer:{seq}", f'{{"into": {seq + 1}}}')
    return AuditEntry(seq, at, *fields, previous, entry_hash(key, seq, at, *fields, previous))


def chained(length: int, key: bytes = KEY) -> Chain:
    entries: Chain = []
    for seq in range(1, length + 1):
        entries.append(entry(seq, entries[-1].hash if entries else FIRST, key))
    return entries


def head_of(entries: Chain) -> tuple[int, bytes]:
    return (entries[-1].seq, entries[-1].hash) if entries else (0, FIRST)


@pytest.mark.parametrize("length", [0, 1, 2, 50])
def test_a_whole_chain_is_whole(length: int) -> None:
    entries = chained(length)
    assert first_break(KEY, entries, head_of(entries)) is None


@pytest.mark.parametrize("field", ["at", "actor", "action", "subject", "detail", "previous", "hash", "seq"])
def test_every_edit_of_every_field_is_found_where_it_was_made(field: str) -> None:
    entries = chained(12)
    for place, old in enumerate(entries):
        value = getattr(old, field)
        match value:
            case datetime():
                changed = [value + timedelta(microseconds=1), value - timedelta(days=1)]
            case bytes():
                changed = [bytes([value[0] ^ 1]) + value[1:], value[:-1], b""]
            case int():
                changed = [value + 1, value - 1, 0 if value else 9]
            case _:
                changed = [value + " ", value[:-1], ""]
        for new in changed:
            forged = [*entries[:place], replace(old, **{field: new}), *entries[place + 1 :]]
            assert first_break(KEY, forged, head_of(entries)) == place + 1


def test_the_same_instant_written_in_another_zone_is_an_edit_or_the_same_hash_never_an_error() -> None:
    entries = chained(3)
    elsewhere = replace(entries[1], at=entries[1].at.astimezone(timezone(timedelta(hours=9))))
    assert first_break(KEY, [entries[0], elsewhere, entries[2]], head_of(entries)) in (None, 2)


def test_text_cannot_move_from_one_field_into_the_next() -> None:
    at = START
    assert entry_hash(KEY, 1, at, "ab", "c", "d", "e", FIRST) != entry_hash(KEY, 1, at, "a", "bc", "d", "e", FIRST)
    assert entry_hash(KEY, 1, at, "a", "b", "", "cd", FIRST) != entry_hash(KEY, 1, at, "a", "b", "cd", "", FIRST)
    assert entry_hash(KEY, 11, at, "1", "b", "c", "d", FIRST) != entry_hash(KEY, 1, at, "11", "b", "c", "d", FIRST)


def _swap(chain: Chain, random: Random) -> Chain:
    a, b = random.sample(range(len(chain)), 2)
    chain[a], chain[b] = chain[b], chain[a]
    return chain


def _swap_and_renumber(chain: Chain, random: Random) -> Chain:
    swapped = _swap(chain, random)
    return [replace(e, seq=seq) for seq, e in enumerate(swapped, start=1)]


def _insert(chain: Chain, random: Random) -> Chain:
    place = random.randrange(len(chain) + 1)
    made = entry(place + 1, chain[place - 1].hash if place else FIRST, b"another key".ljust(32))
    return [*chain[:place], made, *chain[place:]]


def _repeat(chain: Chain, random: Random) -> Chain:
    place = random.randrange(len(chain))
    return [*chain[: place + 1], chain[place], *chain[place + 1 :]]


def _delete(chain: Chain, random: Random) -> Chain:
    place = random.randrange(len(chain))
    return chain[:place] + chain[place + 1 :]


def _delete_and_renumber(chain: Chain, random: Random) -> Chain:
    return [replace(e, seq=seq) for seq, e in enumerate(_delete(chain, random), start=1)]


def _cut_tail(chain: Chain, random: Random) -> Chain:
    return chain[: random.randrange(len(chain))]


def _cut_front(chain: Chain, random: Random) -> Chain:
    rest = chain[random.randrange(1, len(chain)) :]
    return [replace(e, seq=seq) for seq, e in enumerate(rest, start=1)]


def _whole(chain: Chain, random: Random) -> Chain:
    return []


def _made_anew_with_another_key(chain: Chain, random: Random) -> Chain:
    return chained(len(chain), bytes(32))


@pytest.mark.req("S2-16")
@pytest.mark.parametrize(
    "tamper",
    [
        _swap,
        _swap_and_renumber,
        _insert,
        _repeat,
        _delete,
        _delete_and_renumber,
        _cut_tail,
        _cut_front,
        _whole,
        _made_anew_with_another_key,
    ],
)
def test_every_tampering_is_found(tamper: Callable[[Chain, Random], Chain]) -> None:
    random = Random(2016)
    for _ in range(500):
        entries = chained(random.randrange(2, 8))
        assert first_break(KEY, tamper(list(entries), random), head_of(entries)) is not None


def test_a_forged_head_is_found() -> None:
    entries = chained(5)
    for forged in ((4, entries[3].hash), (5, entries[3].hash), (4, entries[4].hash), (6, entries[4].hash), (0, FIRST)):
        assert first_break(KEY, entries, forged) == 6
    assert first_break(KEY, entries[:4], (4, entries[3].hash)) is None, "hence the head is sealed by its own hash"
    assert first_break(KEY, [], head_of(entries)) == 1
