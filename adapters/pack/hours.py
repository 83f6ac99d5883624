"""The support calendar of a pack: calendar.toml, with the public holidays of its country."""

import re
import warnings
from datetime import date, time, timedelta
from functools import cache
from typing import Final

import holidays

from adapters.places import Table, shown
from bot.domain.calendar import SupportCalendar
from bot.domain.model import Hours, Week

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FIRST_YEAR: Final = 2000
"""Holidays are known from here, so that old exports can be replayed, to ten years after the pack's as_of."""

_SPAN: Final = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_LEAP_YEAR: Final = 2024
"""To count month-days in: 02-29 is one of them."""


def read_calendar(table: Table, as_of: date) -> SupportCalendar:
    """Zone, hours, closing days and holidays (S0-8)."""
    zone = table.zone("zone")
    country = _country(table)
    closed = _closed_days(table)
    extra = frozenset(table.days("extra_closed_dates"))
    week = read_week(table.table("week"))
    table.done()
    return SupportCalendar(zone, week, closed, extra | public_holidays(country, as_of.year + 10))


@cache
def public_holidays(country: str, last_year: int) -> frozenset[date]:
    """Every public holiday from FIRST_YEAR on; "" has none."""
    years = range(FIRST_YEAR, last_year + 1)
    if not country or not years:
        return frozenset()
    with warnings.catch_warnings():
        # India's moon holidays are known for some years only, and the library warns of each other year.
        warnings.simplefilter("ignore")
        return frozenset(holidays.country_holidays(country, years=years))


def _country(table: Table) -> str:
    country = table.text("holidays", "", empty=True)
    known = holidays.list_supported_countries(include_aliases=False)
    if country and country not in known:
        table.mistaken("unknown_country", country, known, "holidays")
        return ""
    return country


def read_week(table: Table | None) -> Week:
    """Monday to Sunday, each with its spans such as "09:00-12:00"; () where there is no such table."""
    if table is None:
        return ()
    week = tuple(_day_hours(table, day) for day in DAYS)
    table.done()
    if not any(week):
        table.fault("never_open")
    return week


def _day_hours(table: Table, day: str) -> tuple[Hours, ...]:
    found: list[Hours] = []
    for index, text in table.listed(day):
        hours = _hours(text)
        if hours is None:
            table.fault("bad_hours", day, index, value=shown(text))
        elif hours.opens >= hours.closes:
            table.fault("closes_before_opens", day, index, value=shown(text))
        elif any(hours.opens < other.closes and other.opens < hours.closes for other in found):
            table.fault("hours_overlap", day, index, value=shown(text))
        else:
            found.append(hours)
    return tuple(sorted(found, key=lambda hours: hours.opens))


def _hours(text: str) -> Hours | None:
    found = _SPAN.fullmatch(text)
    if not found:
        return None
    opens, closes = (int(found[1]), int(found[2])), (int(found[3]), int(found[4]))
    try:
        return Hours(time(*opens), time.max if closes == (24, 0) else time(*closes))
    except ValueError:
        return None


def _closed_days(table: Table) -> frozenset[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for index, text in table.listed("closed_days"):
        first, dots, last = text.partition("..")
        start, end = _month_day(first), _month_day(last if dots else first)
        if start is None or end is None:
            table.fault("bad_month_day", "closed_days", index, value=shown(text))
            continue
        if start <= end:
            found.update(_month_days(start, end))
        else:
            found |= _month_days(start, date(_LEAP_YEAR, 12, 31)) | _month_days(date(_LEAP_YEAR, 1, 1), end)
    return frozenset(found)


def _month_days(start: date, end: date) -> set[tuple[int, int]]:
    days = (start + timedelta(days=number) for number in range((end - start).days + 1))
    return {(day.month, day.day) for day in days}


def _month_day(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{_LEAP_YEAR}-{text.strip()}")
    except ValueError:
        return None
