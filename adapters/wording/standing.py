"""Where a customer stands, in words: every number explains itself (S0-33), an unknown end says what to do (S0-43)."""

import math
from collections.abc import Sequence
from datetime import date
from typing import Final

from adapters.wording.card import Field
from adapters.wording.clean import clean, clipped
from adapters.wording.times import Clock, whole_day
from adapters.wording.voice import NAME, Voice
from bot.domain.model import ContractEnd, EndKnown, Level, Points, Standing

SHARES: Final = 3
"""Incidents spelled out in one sum; the rest stands together."""


def number(points: float) -> str:
    """Points to one place, cut and not rounded: 9.96 must not look like a bound that was reached.

    Four points given a minute ago are still 4.0: a thousandth is what decays while somebody reads.
    """
    return f"{cut(points):.1f}"


def cut(points: float) -> float:
    return math.floor((points + 0.001) * 10) / 10


def level_words(level: Level, voice: Voice) -> str:
    return voice.say(f"card.level.{level.key}")


def points_words(standing: Standing, voice: Voice) -> str:
    """7.5 = 4.0 (insult or abuse, 3 days ago, confirmed with 4, #9) + … (S0-33); the parts add up as printed. A single
    one is the sum itself."""
    total = number(standing.points)
    shown, more = standing.shares[:SHARES], standing.shares[SHARES:]
    if not shown:
        return voice.say("card.standing.nothing")
    clock = Clock.on(voice, standing.zone, standing.at)
    rest = [sum(share.now for share in more)] if more else []
    parts = in_tenths([*(share.now for share in shown), *rest], standing.points)
    words = [
        voice.say(
            "card.standing.part",
            now=number(part),
            ago=clock.ago(share.points.at, standing.at),
            category=voice.category(share.points.category),
            given=f"{share.points.points:g}",
            id=str(share.points.incident_id),
        )
        for share, part in zip(shown, parts, strict=False)
    ]
    if more:
        words.append(voice.say("card.standing.others", now=number(parts[-1]), count=len(more)))
    return f"{total} = {' + '.join(words)}" if len(words) > 1 else words[0]


def in_tenths(parts: Sequence[float], total: float) -> list[float]:
    """The parts rounded to tenths so that they add up to the printed total, each at most a tenth off."""
    floors = [int(part * 10 + 1e-9) for part in parts]
    missing = round(float(number(total)) * 10) - sum(floors)
    by_rest = sorted(range(len(parts)), key=lambda i: floors[i] - parts[i] * 10)
    for i in by_rest[: max(missing, 0)]:
        floors[i] += 1
    return [tenths / 10 for tenths in floors]


def origin_words(points: Points, voice: Voice) -> str:
    """#9: 4 points = weight 2 of "insult or abuse" × 2 for severity medium."""
    return voice.say(
        "card.standing.origin",
        id=str(points.incident_id),
        points=f"{points.points:g}",
        weight=f"{points.weight:g}",
        factor=f"{points.factor:g}",
        category=voice.category(points.category),
        severity=voice.severity(points.severity),
    )


def habit_words(standing: Standing, voice: Voice) -> str:
    """On how many days and in how many weeks something was confirmed (S0-34)."""
    habit = standing.habit
    key = "habit_none" if not habit.days else "habit_once" if habit.days == 1 else "habit"
    return voice.say(f"card.standing.{key}", window=habit.window_days, days=habit.days, weeks=habit.weeks)


def pace_words(standing: Standing, voice: Voice) -> str:
    """Where the points go if it goes on like this, and if nothing new comes (S0-36)."""
    pace, bound = standing.pace, f"{voice.policy.standing.review:g}"
    words = [voice.say("card.standing.pace", per_day=f"{pace.per_day:.2f}", window=pace.window_days)]
    if standing.level is not Level.REVIEW:
        key, day = ("crosses", whole_day(pace.crosses_on, voice)) if pace.crosses_on else ("never", "")
        words.append(voice.say(f"card.standing.{key}", bound=bound, day=day))
    if pace.below_watch_on:
        words.append(voice.say("card.standing.calms", day=whole_day(pace.below_watch_on, voice)))
    return voice.say("card.list.sentences").join(words)


def threshold_words(standing: Standing, voice: Voice) -> tuple[str, ...]:
    """Why the threshold of article 16 is reached (rules.md 6); empty while it is not."""
    if not standing.threshold:
        return ()
    rule, habit, found = voice.policy.standing, standing.habit, list[str]()
    if standing.critical:
        found.append(voice.say("card.standing.critical", window=habit.window_days))
    if standing.level is Level.REVIEW and habit.days >= rule.threshold_days and habit.weeks >= rule.threshold_weeks:
        found.append(
            voice.say(
                "card.standing.habitual",
                bound=f"{rule.review:g}",
                days=habit.days,
                weeks=habit.weeks,
                need_days=rule.threshold_days,
                need_weeks=rule.threshold_weeks,
                window=habit.window_days,
            )
        )
    return tuple(found)


def end_words(end: ContractEnd, voice: Voice, zone: str = "") -> str:
    """30 Nov 2026 24:00, or unknown with the reason and what to do; the zone where it is not the reader's `zone`."""
    day = whole_day(end.last_day, voice) if end.last_day else ""
    match end.known:
        case EndKnown.KNOWN:
            words = voice.say("card.end.known", day=day)
            return words if end.zone == zone else voice.say("card.end.zone", end=words, zone=end.zone)
        case EndKnown.NO_DATE:
            return voice.say("card.end.no_date")
        case EndKnown.STALE:
            return voice.say("card.end.stale", day=day)


def contract_fields(
    end: ContractEnd, clause: str, renewal_on: date | None, today: date, voice: Voice, zone: str = ""
) -> tuple[Field, ...]:
    """Paid through, earliest end, renewal with the days left, and the clause or that there is none (S0-2, S0-35)."""
    fields = [Field(voice.say("card.end.label"), end_words(end, voice, zone))]
    if end.known is EndKnown.KNOWN and end.last_day is not None:
        fields.insert(0, Field(voice.say("card.end.paid_label"), whole_day(end.last_day, voice)))
    if renewal_on is not None:
        left = (renewal_on - today).days
        day = whole_day(renewal_on, voice)
        words = voice.say("card.end.renewal", day=day, count=left) if left >= 0 else day
        fields.append(Field(voice.say("card.end.renewal_label"), words))
    fields.append(
        Field(voice.say("card.end.clause_label"), clipped(clean(clause), NAME) or voice.say("card.end.no_clause"))
    )
    return tuple(fields)
