"""Questions are answered from rows; nothing here writes."""

from datetime import datetime

from bot.domain.access import RIGHTS
from bot.domain.events import Looked
from bot.domain.model import DetectionState
from bot.domain.notices import Denied
from bot.domain.policy import Policy
from bot.domain.questions import (
    Answer,
    AuthorsAsked,
    AuthorsShown,
    CustomersAsked,
    CustomersShown,
    DetectionsAsked,
    DetectionsShown,
    DigestShown,
    ProgressAsked,
    ProgressShown,
    Question,
    ReachAsked,
    ReviewShown,
    StatusShown,
    TeamsAsked,
    TeamsShown,
    WhomAsked,
    WhomShown,
    duty,
)
from bot.domain.roster import Roster
from bot.handlers import answers, chronicle, naming, reasons, rights
from bot.handlers.stories import stories
from bot.ports import UnitOfWork


def look(question: Question, answer: Answer) -> Looked | None:
    """What asking leaves in the record: that something restricted was shown, or anything refused."""
    right = RIGHTS.get(type(question))
    if right is None:
        return None
    refused = answer.reason if isinstance(answer, Denied) else ""
    standing = isinstance(answer, StatusShown) and answer.standing is not None
    if not refused and not right.restricted and not standing:
        return None
    actor: str = question.actor  # type: ignore[union-attr]
    return Looked(actor=actor, question=type(question).__name__, subject=_subject(question, answer), refused=refused)


def _subject(question: Question, answer: Answer) -> str:
    """What was shown, where the question left it open, else what was asked for."""
    match answer:
        case ReviewShown():
            return f"incident:{answer.incident.incident_id}"
        case DigestShown():
            return f"team:{answer.digest.team}"
    return rights.subject_of(question)


def answer(question: Question, uow: UnitOfWork, policy: Policy, now: datetime) -> Answer:
    """The answer to one question, or why it is refused."""
    denied = rights.refused(question, uow, policy, now)
    if denied is not None:
        return denied
    roster = Roster(uow.teams.all())
    match question:
        case CustomersAsked():
            return CustomersShown(tuple(uow.customers.all()), uow.customers.counts() if question.counted else {})
        case TeamsAsked():
            return TeamsShown(roster.teams)
        case AuthorsAsked():
            return AuthorsShown(tuple(uow.messages.unattributed(question.platform)))
        case DetectionsAsked():
            return _detections(uow, policy)
        case ProgressAsked():
            return ProgressShown(*uow.messages.progress())
        case ReachAsked():
            return chronicle.reach(question, uow, roster)
        case WhomAsked():
            return WhomShown(naming.likely(question.place, question.message_id, uow, now))
        case duty.OnCallAsked():
            return answers.on_duty(question, uow, policy, roster, now)
        case duty.StandingAsked():
            return answers.standing(question, uow, policy, roster, now)
        case duty.StatusAsked():
            return answers.status(question, uow, policy, roster, now)
        case duty.DigestAsked():
            return answers.digest(question, uow, policy, roster, now)
        case duty.ReviewAsked():
            return answers.to_review(question, uow, policy, roster, now)
        case duty.WhyAsked():
            return reasons.why(question, uow, policy, roster, now)
        case duty.NextAsked():
            return answers.following(question, uow, policy, roster, now)
        case duty.DueAsked():
            return chronicle.due(question, uow)
        case duty.RecordAsked():
            return chronicle.record(uow, policy, roster, now)


def _detections(uow: UnitOfWork, policy: Policy) -> DetectionsShown:
    customers = {customer.id: customer for customer in uow.customers.all()}
    found = [d for d in uow.detections.all() if d.state is DetectionState.OPEN]
    return DetectionsShown(stories(found, customers, uow, policy), tuple(uow.detections.outages()))
