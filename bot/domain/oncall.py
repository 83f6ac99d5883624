"""Who is on call: whose turn it is in a rota, who stands in, and who comes next."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.model import Override, Rota, Turn

_SECOND = timedelta(seconds=1)


def turn(rota: Rota, at: datetime) -> Turn | None:
    """The turn that covers the aware instant `at`, bounds in UTC (reliability.md D8, T15).

    A turn begins at the first instant at which the clock of the zone shows the hand-over or later: a time that does
    not exist is the instant of the transition, one that exists twice is the first. Turns meet without gap or overlap;
    one that a skipped day leaves without length is nobody's. None before the first turn and without members.
    """
    at, zone = _instant(at), ZoneInfo(rota.zone)
    if not rota.members or at < _begins(rota, 0, zone):
        return None
    number = max((at.astimezone(zone).date() - rota.starts_on).days // rota.days, 0)
    # The date alone is wrong before the hand-over, and where a clock set back repeats the end of a day.
    while number and at < _begins(rota, number, zone):
        number -= 1
    while at >= (end := _begins(rota, number + 1, zone)):
        number += 1
    return Turn(rota.members[number % len(rota.members)], _begins(rota, number, zone), end)


def on_call(rota: Rota | None, overrides: Iterable[Override], at: datetime) -> Turn | None:
    """Who is on call at `at`, and from when until when that stays so (rules.md 7); `overrides` are of one team.

    An override that covers `at` wins, of several the one made last (then the highest id). None is nobody.
    """
    at = _instant(at)
    # An override that ends before it begins covers nothing and cuts nothing.
    ranked = sorted((one for one in overrides if one.start < one.end), key=lambda one: (one.made_at, one.id))
    for rank in reversed(range(len(ranked))):
        one = ranked[rank]
        if one.start <= at < one.end:
            return _cut(Turn(one.account, _instant(one.start), _instant(one.end), True), ranked[rank + 1 :], at)
    whose = turn(rota, at) if rota else None
    return _cut(whose, ranked, at) if whose else None


def second(rota: Rota | None, overrides: Iterable[Override], at: datetime) -> str | None:
    """The account that follows whoever is on call in the rotation; None where nobody is on call or nobody follows.

    Somebody from outside the rotation stands in its place of that moment, or before its first member.
    """
    current = on_call(rota, overrides, at)
    if rota is None or current is None:
        return None
    members, place = rota.members, -1
    if current.account in members:
        place = members.index(current.account)
    elif whose := turn(rota, at):
        place = members.index(whose.account)
    following = (*members[place + 1 :], *members[: place + 1])
    return next((member for member in following if member != current.account), None)


def _instant(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a rota cannot say what instant a naive datetime is")
    return at.astimezone(UTC)


def _cut(whole: Turn, stronger: Sequence[Override], at: datetime) -> Turn:
    """The part of a turn around `at` in which no stronger override, of which none covers `at`, takes its place."""
    start = max((_instant(one.end) for one in stronger if one.end <= at), default=whole.start)
    end = min((_instant(one.start) for one in stronger if one.start > at), default=whole.end)
    return Turn(whole.account, max(start, whole.start), min(end, whole.end), whole.override)


def _begins(rota: Rota, number: int, zone: ZoneInfo) -> datetime:
    """The first instant at which the clock of `zone` shows the hand-over of this turn or later."""
    wall = datetime.combine(rota.starts_on + timedelta(days=number * rota.days), rota.handover)
    begins = wall.replace(tzinfo=zone).astimezone(UTC)
    if begins.astimezone(zone).replace(tzinfo=None) == wall:
        return begins
    return _transition(wall.replace(tzinfo=zone, fold=1).astimezone(UTC), begins, zone)


def _transition(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the offset of `zone` changed from that of `before` to that of `after`."""
    before, after = before.replace(microsecond=0), after.replace(microsecond=0)
    offset = after.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
