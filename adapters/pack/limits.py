"""The numbers of a pack: windows.toml, retention.toml, and the list of mail.toml."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from adapters.places import Table, shown
from bot.domain.calendar import SupportCalendar
from bot.domain.policy import FileRule, OutageRule, Policy, Retention, Window

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
MIB: Final = 2**20
_DOMAIN: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}")
_DEFAULT: Final = Policy("", date.min, "", "", SupportCalendar("", ()), ())


@dataclass(frozen=True, slots=True)
class Limits:
    """What windows.toml says, named as in Policy."""

    windows: tuple[Window, ...]
    habit_days: tuple[int, ...]
    max_contents: int
    response_target: timedelta
    fresh: timedelta
    outage: OutageRule


def is_domain(text: str) -> bool:
    """Whether this has the form of a mail domain, in small letters."""
    return bool(_DOMAIN.fullmatch(text))


def span(table: Table, name: str, unit: timedelta, most: int, default: timedelta) -> timedelta:
    """A length of time, written as a whole number from 1 to `most` of its unit."""
    return table.integer(name, 1, most, default // unit) * unit


def read_limits(table: Table) -> Limits:
    """Windows, habit, waiting, freshness, outage (rules.md 2 and 3)."""
    windows = _windows(table)
    limits = Limits(
        windows=windows,
        habit_days=table.integers("habit_days", 1, 366, _DEFAULT.habit_days),
        max_contents=table.integer("max_contents", 10, 100_000, _DEFAULT.max_contents),
        response_target=span(table, "response_target_minutes", MINUTE, 40 * 60, _DEFAULT.response_target),
        fresh=span(table, "fresh_minutes", MINUTE, 24 * 60, _DEFAULT.fresh),
        outage=_outage(table.table("outage", required=False)),
    )
    table.done()
    return limits


def read_retention(table: Table, habit_days: tuple[int, ...]) -> Retention:
    """What is tied to nothing (rules.md 4): each later stage outlives the one before, the last all figures of habit."""
    default = _DEFAULT.retention
    text = span(table, "text_days", DAY, 366, default.text)
    deleted = span(table, "deleted_text_hours", HOUR, 366 * 24, default.deleted_text)
    trace = span(table, "trace_days", DAY, 732, default.trace)
    table.done()
    if deleted > text:
        table.fault("deleted_outlives_text", "deleted_text_hours", value=deleted // HOUR, limit=text // HOUR)
    if text > trace:
        table.fault("text_outlives_trace", "text_days", value=text.days, limit=trace.days)
    if habit_days and trace.days < max(habit_days):
        table.fault("trace_below_habit", "trace_days", value=trace.days, limit=max(habit_days))
    return Retention(text, deleted, trace)


def read_files(table: Table) -> FileRule:
    """How much of what customers attach is kept: a message holds at least one whole file, a day one whole message.

    To be read before `read_retention`, which closes the same file.
    """
    default = _DEFAULT.files
    each = table.integer("file_mib", 1, 100, default.each // MIB)
    message = table.integer("files_message_mib", 1, 1000, default.message // MIB)
    day = table.integer("files_day_mib", 1, 100_000, default.day // MIB)
    if each > message:
        table.fault("file_above_message", "file_mib", value=each, limit=message)
    if message > day:
        table.fault("message_above_day", "files_message_mib", value=message, limit=day)
    return FileRule(each * MIB, message * MIB, day * MIB)


def read_mail(table: Table) -> frozenset[str]:
    """Domains that never stand for a company."""
    found: set[str] = set()
    for index, value in table.listed("free_domains"):
        if is_domain(value.lower()):
            found.add(value.lower())
        else:
            table.fault("bad_domain", "free_domains", index, value=shown(value))
    table.done()
    return frozenset(found)


def _windows(table: Table) -> tuple[Window, ...]:
    found: list[tuple[int, int, Table]] = []
    for entry in table.tables("windows", required=True):
        found.append((entry.integer("minutes", 1, 24 * 60), entry.integer("count", 2, 1000), entry))
        entry.done()
    for (length, count, _), (longer, more, entry) in pairwise(found):
        if longer == length:
            entry.fault("window_twice", "minutes", value=longer)
        elif longer < length:
            entry.fault("windows_not_ascending", "minutes", value=longer, before=length)
        elif more < count:
            entry.fault("window_count_falls", "count", value=more, before=count)
    return tuple(Window(_name(length), length * MINUTE, count) for length, count, _ in found)


def _name(minutes: int) -> str:
    """10m, 60m, 90m, 2h, 24h: the evaluation files write one hour as 60m."""
    return f"{minutes // 60}h" if minutes > 60 and minutes % 60 == 0 else f"{minutes}m"


def _outage(table: Table | None) -> OutageRule:
    default = _DEFAULT.outage
    if table is None:
        return default
    rule = OutageRule(
        customers=table.integer("customers", 2, 1000, default.customers),
        within=span(table, "within_minutes", MINUTE, 24 * 60, default.within),
        quiet=span(table, "quiet_hours", HOUR, 72, default.quiet),
    )
    table.done()
    return rule
