"""The weekly digest as a card, in the order of requirements.md's roll-up; our own people are never counted or named."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from adapters.wording.buttons import button
from adapters.wording.card import Button, Card, Section, Tone
from adapters.wording.clean import clean, clipped
from adapters.wording.standing import (
    contract_fields,
    habit_words,
    level_words,
    number,
    pace_words,
    points_words,
)
from adapters.wording.times import Clock, duration
from adapters.wording.titles import TITLE
from adapters.wording.voice import Voice
from bot.domain.model import CountLine, CustomerLine, Digest, Level, PingLine, PingState

LISTED: Final = 40
"""Customers toward the threshold that have at least a line."""
SHOWN: Final = 8
"""Customers spelled out in one part; the rest is counted."""

LABEL: Final = 30
"""Characters of a customer's name on a button."""
EXPLAINED: Final = 5
"""Customers whose numbers explain themselves at one press (every point leads to its evidence); one row of buttons."""


def digest_card(digest: Digest, voice: Voice) -> Card:
    """A week in which nothing happened is a short card; a late one says so."""
    clock = replace(Clock.on(voice, digest.zone, digest.at), weekdays=True)
    parts = tuple(
        section
        for section in (
            _pings(digest, clock, voice),
            _to_judge(digest, voice),
            _toward(digest, clock, voice),
            _improving(digest, voice),
            _counted("complaints", digest.complaints, voice),
            _waited(digest, clock, voice),
            _counts(digest, voice),
            _pack(digest, voice),
        )
        if section.lines
    )
    empty = not any(section for section in parts if section.heading)
    opening = [voice.say("card.digest.period", since=clock.day_of(digest.since), until=clock.day_of(digest.at))]
    if digest.late:
        opening.append(voice.say("card.digest.late", due=clock.time(digest.due_at)))
    if empty:
        opening.append(voice.say("card.digest.empty"))
    return Card(
        clipped(voice.say("card.digest.title", team=clipped(clean(digest.team), 30)), TITLE),
        _tone(digest, empty),
        (Section(lines=tuple(opening)), *parts),
        tuple(_why(line, voice) for line in digest.toward[:EXPLAINED]),
        footer=voice.say("card.digest.footer", week=digest.week, edition=digest.edition),
        chart=bool(digest.toward),
    )


def _why(line: CustomerLine, voice: Voice) -> Button:
    name = voice.customer(line.name, line.customer_id)
    return button("why", f"customer:{line.customer_id}", voice, key="why_of", customer=clipped(name, LABEL))


def _tone(digest: Digest, empty: bool) -> Tone:
    if empty:
        return Tone.GOOD
    waits = any(line.state in (PingState.TRIGGERED, PingState.EXHAUSTED) for line in digest.pings)
    if waits or any(line.standing.threshold for line in digest.toward):
        return Tone.WARNING
    return Tone.CALM


def _pings(digest: Digest, clock: Clock, voice: Voice) -> Section:
    """What nobody answered stands before what was answered late."""
    lines = sorted(digest.pings, key=lambda line: (line.acked_at is not None, -line.severity))
    words = [_ping(line, clock, voice) for line in lines[:SHOWN]]
    return Section(voice.say("card.digest.pings"), _more(words, len(lines) - SHOWN, voice, "more"))


def _ping(line: PingLine, clock: Clock, voice: Voice) -> str:
    answered = line.acked_at is not None
    key = "late" if answered else "unanswered" if line.state is not PingState.RESOLVED else "ended"
    return voice.say(
        f"card.digest.ping_{key}",
        customer=voice.customer(line.name, line.customer_id),
        severity=voice.severity(line.severity),
        at=clock.time(line.opened_at),
        after=duration((line.acked_at or line.opened_at) - line.opened_at, voice),
        steps=line.steps,
    )


def _to_judge(digest: Digest, voice: Voice) -> Section:
    words = list(_customers(digest.to_judge, "card.digest.to_judge", voice))
    if digest.to_second:
        words.append(voice.say("card.digest.to_second", count=digest.to_second))
    return Section(voice.say("card.digest.judging"), tuple(words))


def _toward(digest: Digest, clock: Clock, voice: Voice) -> Section:
    """The first are spelled out, the others have a line each; whoever reached the threshold is never left out."""
    words = [line for customer in digest.toward[:SHOWN] for line in _customer(customer, digest, clock, voice)]
    reached = sum(1 for line in digest.toward if line.standing.threshold)
    listed = max(LISTED, reached)
    words += [_line(line, voice) for line in digest.toward[SHOWN:listed]]
    return Section(voice.say("card.digest.toward"), _more(words, len(digest.toward) - listed, voice))


def _line(line: CustomerLine, voice: Voice) -> str:
    head = _head(line, voice)
    return voice.say("card.digest.reached", line=head) if line.standing.threshold else head


def _head(line: CustomerLine, voice: Voice) -> str:
    return voice.say(
        "card.digest.customer",
        customer=voice.customer(line.name, line.customer_id),
        points=number(line.standing.points),
        level=level_words(line.standing.level, voice),
        change=change_words(line, voice),
    )


def _distance(line: CustomerLine, voice: Voice) -> str:
    """What is lacking to the threshold: points to the level of review, or days and weeks of habit (rules.md 6)."""
    rule, standing = voice.policy.standing, line.standing
    if standing.level < Level.REVIEW:
        return voice.say("card.digest.lacks_points", points=f"{rule.review - float(number(standing.points)):.1f}")
    days = max(rule.threshold_days - standing.habit.days, 0)
    weeks = max(rule.threshold_weeks - standing.habit.weeks, 0)
    return voice.say("card.digest.lacks_habit", days=days, weeks=weeks)


def _customer(line: CustomerLine, digest: Digest, clock: Clock, voice: Voice) -> Iterable[str]:
    """Head, distance, then a line each for parts, habit, outlook and contract: every number with its reason."""
    today = clock.today or digest.at.date()
    yield _head(line, voice)
    if line.standing.threshold:
        yield voice.say("card.digest.critical" if line.standing.critical else "card.digest.threshold")
    else:
        yield _distance(line, voice)
    standing = line.standing
    fields = contract_fields(line.end, line.clause, line.renewal_on, today, voice, digest.zone)
    told = (
        ("parts", points_words(standing, voice)),
        ("habit", habit_words(standing, voice)),
        ("pace", pace_words(standing, voice)),
    )
    yield from (_fact(voice.say(f"card.digest.label_{key}"), words, voice) for key, words in told)
    yield voice.say("card.list.facts").join(_fact(f.label, f.value, voice) for f in fields)


def _fact(label: str, value: str, voice: Voice) -> str:
    return voice.say("card.list.fact", label=label, value=value)


def change_words(line: CustomerLine, voice: Voice) -> str:
    """+2.7 since a week ago, with the level of then where it was another."""
    change = float(number(line.standing.points)) - float(number(line.before))
    if abs(change) < 0.05:
        return voice.say("card.digest.unchanged")
    key = "changed" if line.level_before is line.standing.level else "changed_level"
    level = level_words(line.level_before, voice)
    return voice.say(f"card.digest.{key}", change=f"{change:+.1f}", before=number(line.before), level=level)


def _improving(digest: Digest, voice: Voice) -> Section:
    words = [
        voice.say(
            "card.digest.improved",
            customer=voice.customer(line.name, line.customer_id),
            before=number(line.before),
            points=number(line.standing.points),
            level=level_words(line.standing.level, voice),
        )
        for line in digest.improving[:SHOWN]
    ]
    return Section(voice.say("card.digest.improving"), _more(words, len(digest.improving) - SHOWN, voice))


def _counted(key: str, lines: Sequence[CountLine], voice: Voice) -> Section:
    return Section(voice.say(f"card.digest.{key}_heading"), tuple(_customers(lines, f"card.digest.{key}", voice)))


def _customers(lines: Sequence[CountLine], key: str, voice: Voice) -> Iterable[str]:
    """One line: the sum, and how many of whom."""
    if not lines:
        return
    named = [
        voice.say("card.digest.of", customer=voice.customer(line.name, line.customer_id), count=line.count)
        for line in lines[:SHOWN]
    ]
    whom = voice.listed(_more(named, len(lines) - SHOWN, voice))
    yield voice.say(key, count=sum(line.count for line in lines), customers=whom)


def _waited(digest: Digest, clock: Clock, voice: Voice) -> Section:
    words = [
        voice.say(
            "card.digest.waited",
            customer=voice.customer(line.name, line.customer_id),
            at=clock.time(line.at),
            count=line.count,
        )
        for line in digest.waited[:SHOWN]
    ]
    return Section(voice.say("card.digest.waited_heading"), _more(words, len(digest.waited) - SHOWN, voice, "more"))


def _counts(digest: Digest, voice: Voice) -> Section:
    counted = (digest.incidents, digest.confirmed, digest.detections, digest.outages)
    if not any(counted) and not digest.listed:
        return Section()
    sums = voice.say(
        "card.digest.counts",
        incidents=digest.incidents,
        confirmed=digest.confirmed,
        detections=digest.detections,
        outages=digest.outages,
    )
    return Section(voice.say("card.digest.counted"), (sums, *_customers(digest.listed, "card.digest.listed", voice)))


def _pack(digest: Digest, voice: Voice) -> Section:
    """Without a heading: a week with nothing but this is still a quiet one."""
    if digest.pack_due is None:
        return Section()
    months = (digest.at.date() - digest.pack_due) // timedelta(days=30)
    return Section(lines=(voice.say("card.digest.pack_due", day=str(digest.pack_due), months=max(months, 1)),))


def _more(words: Sequence[str], left: int, voice: Voice, key: str = "more_customers") -> tuple[str, ...]:
    return (*words, voice.say(f"card.digest.{key}", count=left)) if left > 0 else tuple(words)
