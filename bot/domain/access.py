"""May this person do this? One decision for every event and question, by role, team and state; "" means yes.

The answer to no is a key of words. Whoever is not listed by a team is an outsider and may nothing at all.
"""

from dataclasses import dataclass
from typing import Final

from bot.domain import events, questions
from bot.domain.model import Actor, Role

ANYBODY: Final = frozenset(Role)
DUTY: Final = frozenset({Role.SUPERVISOR, Role.LEAD, Role.DECISION_MAKER})
"""Those who are called, answer and judge."""
LEADING: Final = frozenset({Role.LEAD, Role.DECISION_MAKER})
READING: Final = DUTY | {Role.LEGAL}
KEEPING: Final = frozenset({Role.SUPERVISOR, Role.LEAD, Role.ADMIN})
ADMIN: Final = frozenset({Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rows say about the actor and the matter; defaults fit deeds that have no such fact."""

    team: str = ""
    """Whose matter it is; "" = nobody's in particular."""
    called: bool = False
    """This ping called the actor."""
    reporter: bool = False
    """The actor filed it."""
    involved: bool = False
    """The actor filed it or is named in it."""
    alone: bool = False
    """Nobody else who may judge is uninvolved."""
    reviewer: bool = False
    """The actor gave the verdict that stands."""
    waiting: bool = True
    """A verdict waits for a second person or a confirmation."""
    provisional: bool = False
    late: bool = False
    """The time in which this could be done is over."""
    own: bool = False
    """It is about the actor alone, such as standing in."""
    eligible: bool = True
    """Whom it is about may be called at all."""
    appoints: bool = False
    """It changes who administers a team."""
    standing: bool = False
    """It shows where a customer stands."""


@dataclass(frozen=True, slots=True)
class Right:
    """Who may, and whether the role must be held in the matter's own team. `operator`: also at the machine."""

    roles: frozenset[Role]
    scoped: bool = False
    operator: bool = True
    restricted: bool = False
    """Having been shown it is itself recorded."""


RIGHTS: Final[dict[type, Right]] = {
    events.MessageRedacted: Right(LEADING | ADMIN),
    events.TeamsApplied: Right(ADMIN),
    events.TeamSetUp: Right(LEADING | ADMIN, scoped=True),
    events.CustomersImported: Right(ADMIN),
    events.ContactAssigned: Right(KEEPING),
    events.CustomersMerged: Right(KEEPING),
    events.CustomerSplit: Right(KEEPING),
    events.OutageEnded: Right(KEEPING),
    events.ModeSet: Right(ADMIN, scoped=True),
    events.OverrideSet: Right(DUTY | ADMIN, scoped=True),
    events.ReportFiled: Right(ANYBODY, operator=False),
    events.ReportDetailed: Right(ANYBODY, operator=False),
    events.ReportWithdrawn: Right(ANYBODY, operator=False),
    events.IncidentReviewed: Right(DUTY, scoped=True, operator=False),
    events.ReviewSeconded: Right(DUTY, scoped=True, operator=False),
    events.PingAcknowledged: Right(DUTY, scoped=True, operator=False),
    events.PingResolved: Right(DUTY, scoped=True, operator=False),
    events.DrillWanted: Right(KEEPING, scoped=True, operator=False),
    events.DrillSeen: Right(DUTY, scoped=True, operator=False),
    events.DigestWanted: Right(DUTY, scoped=True),
    questions.OnCallAsked: Right(ANYBODY),
    questions.NextAsked: Right(ANYBODY),
    questions.StatusAsked: Right(ANYBODY, scoped=True),
    questions.WhyAsked: Right(ANYBODY, scoped=True, restricted=True),
    questions.DigestAsked: Right(READING, scoped=True, restricted=True),
    questions.StandingAsked: Right(READING, restricted=True),
    questions.ReviewAsked: Right(READING, scoped=True, restricted=True),
}
"""Every deed that a person can do. What is not here has no actor: platforms, time and the house itself."""
ANSWERS: Final = frozenset({events.PingAcknowledged, events.PingResolved, events.DrillSeen})
"""What a call allows to whomever it reached, whatever their role."""


def founds(deed: object, teams: int) -> bool:
    """Whoever administers the workspace writes the first team of all, for nobody has a role yet (issue 4)."""
    return isinstance(deed, events.TeamSetUp) and deed.founder and not teams


def barred(actor: Actor, deed: type) -> str:
    """The reason that no fact can change: person, outsider or role; "" = look at the facts.

    Asked before anything is looked up, so that nobody can find out what there is.
    """
    right = RIGHTS[deed]
    if actor.operator:
        return "" if right.operator else "person"
    if not actor.inside:
        return "outsider"
    return "" if deed in ANSWERS or actor.is_in(right.roles) else "role"


def decide(actor: Actor, deed: type, facts: Facts) -> str:
    """ "" if the actor may, else the key of the reason: outsider, role, team, or one of the state's own."""
    if reason := barred(actor, deed):
        return reason
    if deed is events.OverrideSet and not facts.eligible:
        return _team(actor, RIGHTS[deed], facts) or "stand_in"
    if actor.operator:
        return ""
    invited = facts.called and deed in ANSWERS
    confirms = deed is events.ReviewSeconded and facts.provisional and actor.is_in(LEADING)
    if not (invited or confirms) and (reason := _team(actor, RIGHTS[deed], facts)):
        return reason
    return _state(deed, actor, facts)


def _team(actor: Actor, right: Right, facts: Facts) -> str:
    if actor.operator:
        return ""
    if not actor.is_in(right.roles):
        return "role"
    return "team" if right.scoped and facts.team and not actor.is_in(right.roles, facts.team) else ""


def _state(deed: type, actor: Actor, facts: Facts) -> str:
    if deed in (events.ReportDetailed, events.ReportWithdrawn) and not facts.reporter:
        return "not_yours"
    if deed is events.ReportWithdrawn and facts.late:
        return "withdraw_late"
    if deed is events.IncidentReviewed and facts.involved and not facts.alone:
        return "involved"
    if deed is events.ReviewSeconded:
        return _second(actor, facts)
    if deed is events.OverrideSet and not facts.own and not actor.is_in(LEADING | ADMIN, facts.team):
        return "for_others"
    if deed is events.TeamSetUp and facts.appoints and not actor.is_in(ADMIN):
        return "role"
    if deed is questions.WhyAsked and facts.standing and not actor.is_in(READING):
        return "role"
    return ""


def _second(actor: Actor, facts: Facts) -> str:
    if not facts.waiting:
        return "nothing_to_second"
    if facts.reviewer:
        return "own_verdict"
    if facts.involved:
        return "involved"
    return "lead_only" if facts.provisional and not actor.is_in(LEADING) else ""
