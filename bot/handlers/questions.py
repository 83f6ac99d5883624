"""Questions are answered from rows; nothing here writes."""

from collections import defaultdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.model import Customer, Detection, DetectionState
from bot.domain.policy import Policy
from bot.domain.questions import (
    Answer,
    CustomersAsked,
    CustomersShown,
    DetectionsAsked,
    DetectionsShown,
    DetectionStory,
    Habit,
    ProgressAsked,
    ProgressShown,
    Question,
    TeamsAsked,
    TeamsShown,
)
from bot.ports import UnitOfWork


def answer(question: Question, uow: UnitOfWork, policy: Policy) -> Answer:
    """The answer to one question."""
    match question:
        case CustomersAsked():
            return CustomersShown(tuple(uow.customers.all()))
        case TeamsAsked():
            return TeamsShown(uow.teams.all())
        case DetectionsAsked():
            return _detections(uow, policy)
        case ProgressAsked():
            return ProgressShown(*uow.messages.progress())


def _detections(uow: UnitOfWork, policy: Policy) -> DetectionsShown:
    customers = {customer.id: customer for customer in uow.customers.all()}
    found = [d for d in uow.detections.all() if d.state is DetectionState.OPEN]
    stories = []
    days: dict[int, dict[int, set[datetime]]] = defaultdict(dict)
    for detection in found:
        messages = tuple(uow.messages.spoken(uow.detections.messages(detection.id)))
        days[detection.customer_id][detection.id] = {m.sent_at for m in messages}
        customer = customers[detection.customer_id]
        stories.append(DetectionStory(detection, customer, messages, ()))
    return DetectionsShown(tuple(_with_habit(s, found, days, policy) for s in stories), tuple(uow.detections.outages()))


def _with_habit(
    story: DetectionStory, found: list[Detection], days: dict[int, dict[int, set[datetime]]], policy: Policy
) -> DetectionStory:
    """Bursts and distinct local days of the same customer, up to this burst's last message (rules.md 2)."""
    until, zone = story.detection.last_at, _zone(story.customer, story.detection)
    habits = []
    for length in policy.habit_days:
        since = until - timedelta(days=length)
        signs = [
            {at.astimezone(zone).date() for at in times if since <= at <= until}
            for times in days[story.customer.id].values()
        ]
        signs = [burst for burst in signs if burst]
        habits.append(Habit(length, len(signs), len(set().union(*signs))))
    return DetectionStory(story.detection, story.customer, story.messages, tuple(habits))


def _zone(customer: Customer, detection: Detection) -> ZoneInfo:
    return ZoneInfo(customer.zone or detection.zone)
