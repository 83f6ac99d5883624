"""Moments, days and durations in words, always in the zone that the facts carry."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from adapters.wording.say import say
from adapters.wording.voice import Voice
from bot.domain.policy import Window


@dataclass(frozen=True, slots=True)
class Clock:
    """Reads the wall clock of `zone`, an IANA name; a time on the day `today` needs no date (None: all have one)."""

    voice: Voice
    zone: str
    today: date | None = None
    weekdays: bool = False

    @classmethod
    def on(cls, voice: Voice, zone: str, moment: datetime) -> "Clock":
        """The clock of a card that was made at `moment`."""
        return cls(voice, zone, moment.astimezone(ZoneInfo(zone)).date())

    def time(self, moment: datetime) -> str:
        """14:03, and the day where it is another one."""
        local = moment.astimezone(ZoneInfo(self.zone))
        clock = f"{local:%H:%M}"
        return clock if local.date() == self.today else f"{self.day(local.date())} {clock}"

    def day_of(self, moment: datetime) -> str:
        """The day of a moment."""
        return self.day(moment.astimezone(ZoneInfo(self.zone)).date())

    def day(self, day: date) -> str:
        """The day with its weekday where the clock tells weekdays; the year where it is another one."""
        month = self.voice.say(f"card.month.{day.month}")
        other = self.today is not None and day.year != self.today.year
        key = "card.day.year" if other else "card.day.plain"
        text = self.voice.say(key, year=str(day.year), month=month, day=day.day)
        if not self.weekdays:
            return text
        weekday = self.voice.say(f"card.weekday.{day.weekday()}")
        return self.voice.say("card.day.weekday", day=text, weekday=weekday)

    def ago(self, moment: datetime, now: datetime) -> str:
        """Today, yesterday, 3 days ago: in days of the zone."""
        zone = ZoneInfo(self.zone)
        days = max((now.astimezone(zone).date() - moment.astimezone(zone).date()).days, 0)
        near = {0: "card.ago.today", 1: "card.ago.yesterday"}
        return self.voice.say(near.get(days, "card.ago.days"), count=days)


def whole_day(day: date, voice: Voice) -> str:
    """The day with its year, for what may lie months away."""
    return Clock(voice, "UTC", date.min).day(day)


def duration(length: timedelta, voice: Voice) -> str:
    """25 minutes, 2 hours 5 minutes, 3 days."""
    minutes = max(int(length.total_seconds() // 60), 0)
    hours, rest = divmod(minutes, 60)
    if minutes < 1:
        return voice.say("card.duration.moment")
    if hours < 1:
        return voice.say("card.duration.minutes", count=minutes)
    if hours >= 48:
        return voice.say("card.duration.days", count=hours // 24)
    if rest:
        return voice.say("card.duration.both", hours=hours, minutes=rest)
    return voice.say("card.duration.hours", count=hours)


def window_words(window: Window, language: str) -> str:
    """10 minutes, 60 minutes, 24 hours in words."""
    minutes = int(window.length.total_seconds() // 60)
    if minutes % 60 or minutes == 60:
        return say(language, "window.minutes", count=minutes)
    return say(language, "window.hours", count=minutes // 60)
