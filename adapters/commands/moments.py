"""Times as people type them on their own wall clock: 14:30, 昨日 14:30, 14:05-14:40, 2時間."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from adapters.commands.names import folded

_DAY: Final = timedelta(days=1)
_NEAR: Final = timedelta(days=180)
"""A date without a year that lies further off is a slip."""
_DAYS: Final = {
    "今日": 0, "きょう": 0, "本日": 0, "today": 0, "昨日": -1, "きのう": -1, "yesterday": -1,
    "一昨日": -2, "おととい": -2, "明日": 1, "あした": 1, "tomorrow": 1,
}  # fmt: skip
_DATE: Final = (
    r"(?:(?P<year>20[0-9]{2})[-/])?(?P<month>[0-9]{1,2})[-/](?P<day>[0-9]{1,2})"
    r"|(?P<m>[0-9]{1,2})月(?P<d>[0-9]{1,2})日"
)
_WORD: Final = "|".join(sorted(_DAYS, key=len, reverse=True))
_CLOCK: Final = (
    r"(?:(?:午前|午後)?(?:[0-9]{1,2}:[0-9]{2}|[0-9]{1,2}時(?:[0-9]{1,2}分|半)?)|"
    r"[0-9]{1,2}(?::[0-9]{2})? ?[ap]m)"
)
_HALF: Final = re.compile("午前|午後| ?[ap]m")
DAY: Final = re.compile(rf"(?:{_DATE}|(?P<word>{_WORD}))の?")
_WHEN: Final = re.compile(
    rf"(?P<on>{DAY.pattern})? ?(?P<from>{_CLOCK})(?: ?(?:[-~–—\u2212〜ー]|から) ?(?P<to>{_CLOCK})(?:まで)?)?"
)
_LENGTH: Final = re.compile(
    r"(?:(?P<hours>[0-9]{1,3}(?:\.[0-9])?) ?(?:h|hours?|時間))? ?"
    r"(?:(?P<minutes>[0-9]{1,4}) ?(?:m|min|minutes?|分)(?:間)?)?(?P<half>半)?"
)


@dataclass(frozen=True, slots=True)
class Said:
    """A time or span as typed, not yet placed on the calendar. `day`: days from today, or a date; None: not said."""

    day: int | tuple[int | None, int, int] | None
    begin: time
    end: time | None


def said(text: str) -> Said | None:
    """The time that the whole of `text` names; None if it names none. Wrong hours are no time."""
    match = _WHEN.fullmatch(folded(text))
    if match is None:
        return None
    begin, end = _clock(match["from"]), _clock(match["to"]) if match["to"] else None
    if begin is None or (match["to"] and end is None):
        return None
    return Said(_day(match), begin, end)


def point(text: str) -> Said | None:
    """The one time that the whole of `text` names; None for a span too."""
    moment = said(text)
    return moment if moment is not None and moment.end is None else None


def is_day(text: str) -> bool:
    """Whether this is a day without a time: 昨日, 11/20."""
    return DAY.fullmatch(folded(text)) is not None


def _day(match: re.Match[str]) -> int | tuple[int | None, int, int] | None:
    if match["word"]:
        return _DAYS[match["word"]]
    month, day = match["month"] or match["m"], match["day"] or match["d"]
    return (int(match["year"]) if match["year"] else None, int(month), int(day)) if month else None


def _clock(text: str) -> time | None:
    half = _HALF.search(text)
    plain = _HALF.sub("", text).replace("時", ":").replace("半", "30").removesuffix("分")
    hours, minutes = (int(part or 0) for part in (*plain.split(":"), "")[:2])
    if hours > (12 if half else 23) or minutes > 59:
        return None
    later = half is not None and half[0].strip() in ("午後", "pm")
    return time(hours % 12 + 12 * later if half else hours, minutes)


def past(moment: Said, zone: str, now: datetime) -> tuple[datetime, datetime | None] | None:
    """Begin and end in UTC of what has happened; None where the day does not exist or any of it lies ahead.

    Without a day it is today's clock, and a span over midnight began yesterday. A date without a year is the last
    such day, if that is near. A clock time that an autumn night has twice is the later one that is not ahead.
    """
    local = ZoneInfo(zone)
    over = moment.end is not None and moment.end < moment.begin
    today = now.astimezone(local).date()
    day = today - _DAY if over and moment.day is None else _date(moment, today, latest=today)
    if day is None:
        return None
    begin = _before(day, moment.begin, local, now)
    end = _before(day + _DAY if over else day, moment.end, local, now) if moment.end is not None else None
    if begin is None or (moment.end is not None and end is None):
        return None
    return (begin, end) if end is None or begin <= end else None


def coming(moment: Said, zone: str, now: datetime) -> tuple[datetime, datetime] | None:
    """Begin and end in UTC of a span of which some lies ahead; what is over of it is cut off. None: no such span.

    Without a day it is the next such span: tomorrow's, when today's is over.
    """
    if moment.end is None:
        return None
    local = ZoneInfo(zone)
    today = now.astimezone(local).date()
    day = _date(moment, today, latest=None)
    tries = [day] if moment.day is not None else [today - _DAY, today, today + _DAY]
    for start in tries:
        if start is None:
            continue
        begin = datetime.combine(start, moment.begin, local).astimezone(UTC)
        last = start + _DAY if moment.end <= moment.begin else start
        end = datetime.combine(last, moment.end, local).astimezone(UTC)
        if end > now and begin < end:
            return max(begin, now.astimezone(UTC)), end
    return None


def length(text: str) -> timedelta | None:
    """The length that the whole of `text` names (2h, 90分, 2時間半); None if it names none."""
    match = _LENGTH.fullmatch(folded(text).strip())
    if match is None or not (match["hours"] or match["minutes"]) or (match["half"] and not match["hours"]):
        return None
    minutes = float(match["hours"] or 0) * 60 + int(match["minutes"] or 0) + (30 if match["half"] else 0)
    return timedelta(minutes=minutes) or None


def _date(moment: Said, today: date, latest: date | None) -> date | None:
    """The day that was said; `latest`: a date without a year lies at or before it, else at or after today, and near."""
    if moment.day is None or isinstance(moment.day, int):
        return today + timedelta(days=moment.day or 0)
    year, month, day = moment.day
    years = (year,) if year else (today.year, today.year - 1) if latest else (today.year, today.year + 1)
    fitting = [found for y in years if (found := _existing(y, month, day)) is not None]
    if year:
        return next(iter(fitting), None)
    return next((d for d in fitting if (d <= today if latest else d >= today) and abs(d - today) <= _NEAR), None)


def _existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _before(day: date, clock: time, local: ZoneInfo, now: datetime) -> datetime | None:
    both = [datetime.combine(day, clock.replace(fold=fold), local).astimezone(UTC) for fold in (0, 1)]
    return max((moment for moment in both if moment <= now), default=None)
