"""Detections as people read them: with their messages and the customer's habit."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.model import Customer, Detection
from bot.domain.policy import Policy
from bot.domain.questions import DetectionStory, Habit
from bot.ports import UnitOfWork


def stories(
    found: Iterable[Detection], customers: dict[int, Customer], uow: UnitOfWork, policy: Policy
) -> tuple[DetectionStory, ...]:
    """One story a detection, in the given order; habit is measured over these detections."""
    told = []
    days: dict[int, dict[int, set[datetime]]] = defaultdict(dict)
    for detection in found:
        messages = tuple(uow.messages.spoken(uow.detections.messages(detection.id)))
        days[detection.customer_id][detection.id] = {m.sent_at for m in messages}
        told.append(DetectionStory(detection, customers[detection.customer_id], messages, ()))
    return tuple(_with_habit(story, days, policy) for story in told)


def _with_habit(story: DetectionStory, days: dict[int, dict[int, set[datetime]]], policy: Policy) -> DetectionStory:
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
