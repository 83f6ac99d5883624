"""What a sign, an answer or the clock does to a ping (rules.md 7): pure steps of one state machine."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.model import Incident, Mode, Outcome, Ping, PingState, Reach, RoundReason, Severity, Sign
from bot.domain.policy import PingRule


@dataclass(frozen=True, slots=True)
class Deed:
    """What has to be done beside writing the ping: steps to call, the acknowledger to ask, or the leads to tell."""

    call: tuple[int, ...] = ()
    """Indices of the steps to take now."""
    ask: bool = False
    exhausted: bool = False


def reach_of(sign: Sign, mode: Mode, *, desk_open: bool, fresh: bool, rights: frozenset[str]) -> Reach:
    """How far a sign's word goes. A person's report always pings, at any hour and in every mode."""
    if not sign.automatic:
        return Reach.PING
    if mode is Mode.MONITOR or not fresh:
        return Reach.LISTED
    if sign.category in rights:
        return Reach.CARD
    if desk_open or sign.severity >= Severity.HIGH:
        return Reach.PING if sign.severity > Severity.LOW else Reach.DIGEST
    return Reach.MORNING if sign.severity is Severity.MEDIUM else Reach.DIGEST


def opened(incident: Incident, sign: Sign, rule: PingRule, now: datetime) -> tuple[Ping, Deed]:
    """The customer's first ping, on its first round."""
    ping = Ping(
        id=0, customer_id=incident.customer_id, team=incident.team, incident_id=incident.id,
        state=PingState.TRIGGERED, severity=sign.severity, categories=(sign.category,),
        dangers=(sign.danger,) if sign.danger else (), automatic=sign.automatic, opened_at=now, last_sign_at=sign.at,
        round=0, reason=RoundReason.FIRST, step=0, due_at=None, acked_by="", acked_at=None, asked_at=None,
        resolved_at=None, outcome=None, sent=0, version=0, waiting_since=now, recovered=sign.recovered,
    )  # fmt: skip
    return _round(ping, RoundReason.FIRST, rule, now)


def joined(ping: Ping, incident: Incident, sign: Sign, rule: PingRule, now: datetime) -> tuple[Ping, Deed]:
    """An open ping takes a sign in; a new round only for higher severity, a new danger, or after quiet."""
    reason = _reason(ping, sign, rule)
    grown = replace(
        ping, incident_id=incident.id, severity=max(ping.severity, sign.severity),
        categories=_with(ping.categories, sign.category), dangers=_with(ping.dangers, sign.danger),
        automatic=ping.automatic and sign.automatic, last_sign_at=max(ping.last_sign_at, sign.at),
        version=ping.version + 1,
    )  # fmt: skip
    if reason is None:
        return grown, Deed()
    interrupted = _reached(ping, rule)
    again, deed = _round(grown, reason, rule, now, already=interrupted)
    return replace(again, version=grown.version), deed


def _reached(ping: Ping, rule: PingRule) -> int:
    """Steps whose people are called again: those of the running round, all while the leads are called on and on."""
    if ping.state is PingState.TRIGGERED:
        return ping.step
    return len(rule.steps) if ping.state is PingState.EXHAUSTED and ping.due_at is not None else 0


def heard(ping: Ping, sign: Sign) -> Ping:
    """An open ping notes a sign that may call nobody: only its card changes."""
    return replace(ping, last_sign_at=max(ping.last_sign_at, sign.at), version=ping.version + 1)


def _reason(ping: Ping, sign: Sign, rule: PingRule) -> RoundReason | None:
    if sign.severity > ping.severity:
        return RoundReason.SEVERITY
    if sign.danger and sign.danger not in ping.dangers:
        return RoundReason.DANGER
    if sign.at - ping.last_sign_at >= rule.quiet:
        return RoundReason.QUIET
    return None


def _round(ping: Ping, reason: RoundReason, rule: PingRule, now: datetime, *, already: int = 0) -> tuple[Ping, Deed]:
    """Begin at the first step; a critical one takes all at once. An interrupted round's people are called again and
    the next one is called no later than before, so that a graver sign never delays anybody's turn."""
    count = len(rule.steps) if ping.severity is Severity.CRITICAL else max(1, already)
    count = min(count, len(rule.steps))
    due = now + _wait(rule, 0 if ping.severity is Severity.CRITICAL else count - 1)
    if already and ping.due_at is not None:
        due = min(due, max(ping.due_at, now))
    since = now if ping.state is PingState.ACKNOWLEDGED else ping.waiting_since
    started = replace(
        ping, state=PingState.TRIGGERED, round=ping.round + 1, reason=reason, step=count, due_at=due, acked_by="",
        acked_at=None, asked_at=None, version=ping.version + 1, waiting_since=since,
    )  # fmt: skip
    return started, Deed(call=tuple(range(count)))


def _wait(rule: PingRule, step: int) -> timedelta:
    return rule.steps[step].wait


def due(ping: Ping, rule: PingRule, now: datetime) -> tuple[Ping, Deed]:
    """What the clock does to an open ping whose `due_at` has come."""
    if ping.state is PingState.ACKNOWLEDGED:
        if ping.asked_at is None:
            asked = replace(ping, asked_at=now, due_at=now + rule.outcome_grace, version=ping.version + 1)
            return asked, Deed(ask=True)
        ping = replace(
            ping, state=PingState.TRIGGERED, round=ping.round + 1, reason=RoundReason.NO_OUTCOME, acked_by="",
            acked_at=None, asked_at=None, waiting_since=now,
        )  # fmt: skip
    if ping.state is PingState.TRIGGERED and ping.step < len(rule.steps):
        step = ping.step
        return replace(ping, step=step + 1, due_at=now + _wait(rule, step), version=ping.version + 1), Deed(
            call=(step,)
        )
    again = rule.again if ping.severity >= Severity.HIGH else None
    due_at = None if again is None else now + again
    return replace(ping, state=PingState.EXHAUSTED, due_at=due_at, version=ping.version + 1), Deed(exhausted=True)


def acknowledged(ping: Ping, by: str, rule: PingRule, now: datetime) -> Ping | None:
    """Somebody takes it, or, asked for the outcome, is still on it; None: somebody has it already."""
    if ping.state is PingState.RESOLVED or (ping.state is PingState.ACKNOWLEDGED and ping.asked_at is None):
        return None
    return replace(
        ping, state=PingState.ACKNOWLEDGED, acked_by=by, acked_at=now, asked_at=None, due_at=now + rule.outcome,
        version=ping.version + 1,
    )  # fmt: skip


def resolved(ping: Ping, outcome: Outcome, now: datetime) -> Ping:
    """It ended; nothing is due any more."""
    return replace(
        ping, state=PingState.RESOLVED, resolved_at=now, outcome=outcome, due_at=None, version=ping.version + 1
    )


def hurried(ping: Ping, now: datetime) -> Ping:
    """A call could not be delivered: the next step is due at once."""
    return replace(ping, due_at=now, version=ping.version + 1)


def _with(known: tuple[str, ...], more: str) -> tuple[str, ...]:
    return known if not more or more in known else (*known, more)
