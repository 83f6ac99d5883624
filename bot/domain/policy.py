"""The company's rules as values: windows, limits, calendar, retention, categories, law; loaded from the policy pack."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from bot.domain.calendar import SupportCalendar
from bot.domain.model import Severity


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
class FileRule:
    """How much of what customers attach is kept, in bytes (rules.md 4); beyond it name and size are noted."""

    each: int = 10 * 2**20
    message: int = 25 * 2**20
    day: int = 250 * 2**20
    """From one account within 24 hours, so that nobody fills the database."""


class StepTarget(StrEnum):
    """Whom one step of the escalation policy calls; looked up when it is taken."""

    ON_CALL = "on_call"
    SECOND = "second"
    """The next of the rotation, else another supervisor."""
    SUPERVISORS = "supervisors"
    LEADS = "leads"
    DECISION_MAKERS = "decision_makers"
    LEGAL = "legal"


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """Call `to`; when nobody acknowledges within `wait`, the next step follows."""

    to: StepTarget
    wait: timedelta


@dataclass(frozen=True, slots=True)
class PingRule:
    """Pings, rounds and their limits (rules.md 7)."""

    steps: tuple[EscalationStep, ...] = (
        EscalationStep(StepTarget.ON_CALL, timedelta(minutes=5)),
        EscalationStep(StepTarget.SECOND, timedelta(minutes=10)),
        EscalationStep(StepTarget.LEADS, timedelta(minutes=15)),
    )
    quiet: timedelta = timedelta(minutes=30)
    """A sign after this much quiet starts a new round."""
    outcome: timedelta = timedelta(minutes=60)
    """After an acknowledgement; then the acknowledger is asked how it ended."""
    outcome_grace: timedelta = timedelta(minutes=15)
    again: timedelta | None = timedelta(minutes=10)
    """Exhausted at severity high or more: the leads are called again this often until a person answers."""
    per_hour: int = 6
    """Automatic pings for one person; what comes on top is bundled."""
    hook_from: Severity = Severity.HIGH
    """From this severity on a phone service is called as well."""
    hooked: bool = False
    """Whether there is one: said by whoever opens the house, never by a pack."""


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """What a plain group stands for, once it was asked more exactly; `danger` is a kind of danger or ""."""

    key: str
    ja: str
    en: str
    category: str
    danger: str = ""


@dataclass(frozen=True, slots=True)
class PlainGroup:
    """One of at most eight words under which an agent files in ten seconds (rules.md 5)."""

    key: str
    ja: str
    en: str
    category: str
    danger: str = ""
    asks: tuple[GroupChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportRule:
    """Reports and incidents (rules.md 5)."""

    withdraw: timedelta = timedelta(minutes=10)
    """The reporter may take a report back this long."""
    join: timedelta = timedelta(hours=24)
    """A sign joins the customer's undecided incident whose last sign is at most this old."""
    again: timedelta = timedelta(minutes=2)
    """The same words by the same person within this are the same report."""
    report: Severity = Severity.MEDIUM
    now: Severity = Severity.HIGH
    call: Severity = Severity.MEDIUM
    detection: Severity = Severity.MEDIUM
    detection_high: float = 2
    """A detection is high from this many times its window's count."""


@dataclass(frozen=True, slots=True)
class DigestRule:
    """The weekly digest (rules.md 6, requirements.md roll-up)."""

    weekday: int = 0
    """0 = Monday."""
    at: time = time(9, 0)
    """On the wall clock of the team's zone."""
    late_after: timedelta = timedelta(hours=1)
    """A digest sent later than this says so."""
    review_after: timedelta = timedelta(days=180)
    """A pack compared with its sources longer ago is due for a look (S1-44)."""


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
    files: FileRule = FileRule()
    standing: StandingRule = StandingRule()
    ping: PingRule = PingRule()
    report: ReportRule = ReportRule()
    digest: DigestRule = DigestRule()
    groups: tuple[PlainGroup, ...] = ()
    rights: frozenset[str] = frozenset()
    """Categories that name the use of a right (court, regulator): never counted alone (S0-32)."""
    categories: tuple[Category, ...] = ()
    free_mail_domains: frozenset[str] = frozenset()
    """Never a company's own domain (rules.md 1)."""
    legal_basis: tuple[LegalBasis, ...] = ()
    clauses: tuple[Clause, ...] = ()

    def category(self, key: str) -> Category | None:
        """The category of this key."""
        return next((category for category in self.categories if category.key == key), None)

    def group(self, key: str) -> PlainGroup | GroupChoice | None:
        """The plain group `key`, or the choice `group.choice` of one."""
        name, _, choice = key.partition(".")
        found = next((group for group in self.groups if group.key == name), None)
        if found is None or not choice:
            return found
        return next((asked for asked in found.asks if asked.key == choice), None)
