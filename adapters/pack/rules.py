"""What follows from a sign: reports.toml, pings.toml, standing.toml and digest.toml."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Final

from adapters.pack.categories import SEVERITIES
from adapters.pack.hours import DAYS
from adapters.pack.limits import DAY, HOUR, MINUTE, span
from adapters.places import Table
from bot.domain.model import Severity
from bot.domain.policy import DigestRule, EscalationStep, PingRule, ReportRule, StandingRule, StepTarget

_MINUTES_A_DAY: Final = 24 * 60
_LONGEST_WAIT: Final = 4 * 60
"""Minutes; after half a working day a step is no call any more."""

_BOUNDS: Final = ("watch", "concern", "review")


def read_reports(table: Table) -> ReportRule:
    """Reports and incidents (rules.md 5). A machine's detection is never critical: only a person says so."""
    rule = ReportRule()
    severity = table.table("severity", required=False)
    found = ReportRule(
        withdraw=span(table, "withdraw_minutes", MINUTE, _MINUTES_A_DAY, rule.withdraw),
        join=span(table, "join_hours", HOUR, 30 * 24, rule.join),
        again=span(table, "again_minutes", MINUTE, 60, rule.again),
        report=_severity(severity, "report", rule.report),
        now=_severity(severity, "now", rule.now),
        call=_severity(severity, "call", rule.call),
        detection=_severity(severity, "detection", rule.detection, SEVERITIES[: SEVERITIES.index("critical")]),
        detection_high=table.number("detection_high_times", 1, 100, rule.detection_high),
    )
    if severity:
        severity.done()
    table.done()
    return found


def read_pings(table: Table) -> PingRule:
    """The escalation policy and its times (rules.md 7, S3-21)."""
    rule = PingRule()
    again = table.integer("again_minutes", 0, _MINUTES_A_DAY, (rule.again or timedelta()) // MINUTE)
    found = PingRule(
        steps=_steps(table) or rule.steps,
        quiet=span(table, "quiet_minutes", MINUTE, _MINUTES_A_DAY, rule.quiet),
        outcome=span(table, "outcome_minutes", MINUTE, _MINUTES_A_DAY, rule.outcome),
        outcome_grace=span(table, "outcome_grace_minutes", MINUTE, _LONGEST_WAIT, rule.outcome_grace),
        again=again * MINUTE if again else None,
        per_hour=table.integer("per_hour", 1, 1000, rule.per_hour),
        hook_from=_severity(table, "hook_from", rule.hook_from),
    )
    table.done()
    return found


def read_standing(table: Table) -> StandingRule:
    """Points, levels, habit, pace and the threshold (rules.md 6, S0-33, S0-34, S0-36)."""
    rule = StandingRule()
    found = StandingRule(
        factors=_factors(table.table("factors", required=False), rule),
        half_life=span(table, "half_life_days", DAY, 3660, rule.half_life),
        watch=table.number("watch", 0.1, 10_000, rule.watch),
        concern=table.number("concern", 0.1, 10_000, rule.concern),
        review=table.number("review", 0.1, 10_000, rule.review),
        leave_below=table.number("leave_below", 0.1, 1, rule.leave_below),
        habit_days=table.integer("habit_days", 7, 732, rule.habit_days),
        threshold_days=table.integer("threshold_days", 1, 732, rule.threshold_days),
        threshold_weeks=table.integer("threshold_weeks", 1, 104, rule.threshold_weeks),
        pace_days=table.integer("pace_days", 1, 366, rule.pace_days),
        paid_stale=span(table, "paid_stale_days", DAY, 732, rule.paid_stale),
    )
    table.done()
    _check_bounds(table, found)
    _check_threshold(table, found)
    return found


def read_digest(table: Table) -> DigestRule:
    """When the weekly digest goes out, and what it calls late or due (rules.md 6, S1-44)."""
    rule = DigestRule()
    found = DigestRule(
        weekday=DAYS.index(_picked(table, "weekday", DAYS, DAYS[rule.weekday])),
        at=table.time_of_day("at", rule.at),
        late_after=span(table, "late_after_hours", HOUR, 7 * 24, rule.late_after),
        review_after=span(table, "review_after_days", DAY, 732, rule.review_after),
    )
    table.done()
    return found


def _steps(table: Table) -> tuple[EscalationStep, ...]:
    targets = tuple(target.value for target in StepTarget)
    found: list[EscalationStep] = []
    for entry in table.tables("steps", required=table.has("steps")):
        to = entry.choice("to", targets)
        wait = entry.integer("wait_minutes", 1, _LONGEST_WAIT)
        entry.done()
        if to in targets:
            found.append(EscalationStep(StepTarget(to), wait * MINUTE))
    return tuple(found)


def _factors(table: Table | None, rule: StandingRule) -> tuple[float, float, float, float]:
    if table is None:
        return rule.factors
    found = [table.number(name, 0, 1000, default) for name, default in zip(SEVERITIES, rule.factors, strict=True)]
    table.done()
    for (lower, less), (name, value) in pairwise(zip(SEVERITIES, found, strict=True)):
        if value < less:
            _fault_between(table, "below_other", name, value, lower, less)
    low, medium, high, critical = found
    return low, medium, high, critical


def _check_bounds(table: Table, rule: StandingRule) -> None:
    levels = zip(_BOUNDS, (rule.watch, rule.concern, rule.review), strict=True)
    for (lower, less), (name, value) in pairwise(levels):
        if value <= less:
            _fault_between(table, "not_above", name, value, lower, less)


def _check_threshold(table: Table, rule: StandingRule) -> None:
    """A threshold that nobody could ever reach, or whose weeks say more than its days, is a slip."""
    days, weeks, habit = rule.threshold_days, rule.threshold_weeks, rule.habit_days
    if days > habit:
        _fault_between(table, "above_other", "threshold_days", days, "habit_days", habit)
    if weeks > days:
        _fault_between(table, "above_other", "threshold_weeks", weeks, "threshold_days", days)
    elif weeks > habit // 7:
        at = _written(table, "threshold_weeks", "habit_days")
        table.fault("weeks_beyond_habit", at, value=weeks, days=habit, limit=habit // 7)


def _fault_between(table: Table, key: str, name: str, value: float, other: str, limit: float) -> None:
    table.fault(key, _written(table, name, other), name=name, value=f"{value:g}", other=other, limit=f"{limit:g}")


def _written(table: Table, name: str, other: str) -> str:
    """Which of two keys a person wrote: the mistake between them is shown there."""
    return name if table.has(name) or not table.has(other) else other


def _severity(table: Table | None, name: str, default: Severity, allowed: Sequence[str] = SEVERITIES) -> Severity:
    return Severity.named(_picked(table, name, allowed, default.key)) if table else default


def _picked(table: Table, name: str, allowed: Sequence[str], default: str) -> str:
    value = table.choice(name, allowed, default)
    return value if value in allowed else default
