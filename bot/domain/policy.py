"""The company's rules as values: windows, limits, calendar, retention, categories, law; loaded from the policy pack."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.calendar import SupportCalendar


@dataclass(frozen=True, slots=True)
class Window:
    """The same content `count` times within `length`, ends included (rules.md 2)."""

    name: str
    length: timedelta
    count: int


@dataclass(frozen=True, slots=True)
class OutageRule:
    """When many customers write the same, it is us (rules.md 3)."""

    customers: int = 5
    within: timedelta = timedelta(minutes=30)
    quiet: timedelta = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long what is tied to nothing is kept (rules.md 4)."""

    text: timedelta = timedelta(days=7)
    deleted_text: timedelta = timedelta(hours=24)
    trace: timedelta = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class StandingRule:
    """Points, levels, habit, pace and the threshold of article 16 (rules.md 6)."""

    factors: tuple[float, float, float, float] = (1, 2, 4, 8)
    """Of low, medium, high, critical."""
    half_life: timedelta = timedelta(days=60)
    watch: float = 3
    concern: float = 6
    review: float = 10
    leave_below: float = 0.8
    """A level is left downwards below this part of its bound."""
    habit_days: int = 90
    threshold_days: int = 3
    threshold_weeks: int = 2
    pace_days: int = 28
    paid_stale: timedelta = timedelta(days=40)
    """A last paid day entered longer ago than this is not relied on."""


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A statute, guideline or ordinance that the pack rests on, as it stood on `as_of`."""

    key: str
    basis: str
    """The text itself, as it is cited."""
    ja: str
    en: str
    area: str
    """Where it holds: JP, or a prefecture by ISO 3166-2."""
    as_of: date
    certainty: str
    """confirmed, secondary or unverified: how the source was seen."""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One item of a text that a category points to; `key` is `source.item`, such as `terms16.insult`."""

    key: str
    ja: str
    en: str
    source_ja: str
    source_en: str
    requirement: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of behaviour; `key` is that of the evaluation set."""

    key: str
    ja: str
    en: str
    clauses: tuple[str, ...]
    weight: float
    severity: str
    subtypes: tuple[tuple[str, str, str], ...]
    """(key, Japanese, English)"""
    origins: tuple[tuple[str, str], ...] = ()
    """(sub-type key, requirement number): where each sub-type was named."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One edition of the pack; every decision stores `edition` and `hash`."""

    edition: str
    as_of: date
    issuer: str
    hash: str
    calendar: SupportCalendar
    windows: tuple[Window, ...]
    """Detecting windows, shortest first."""
    habit_days: tuple[int, ...] = (7, 30)
    """Figures of habit over this many days: shown, never detected."""
    max_contents: int = 2000
    """Distinct contents of one customer that are compared; beyond it the oldest are left out."""
    response_target: timedelta = timedelta(minutes=30)
    """Support time after which a customer without our answer has waited for us."""
    fresh: timedelta = timedelta(minutes=60)
    """A detection found later than this after its last message is listed as found later."""
    outage: OutageRule = OutageRule()
    retention: Retention = Retention()
    standing: StandingRule = StandingRule()
    categories: tuple[Category, ...] = ()
    free_mail_domains: frozenset[str] = frozenset()
    """Never a company's own domain (rules.md 1)."""
    legal_basis: tuple[LegalBasis, ...] = ()
    clauses: tuple[Clause, ...] = ()
