"""Housekeeping: forgetting what is due, ending outages that went quiet."""

from datetime import datetime

from bot.domain.audit import SYSTEM
from bot.domain.events import RetentionDue
from bot.domain.notices import Forgot
from bot.domain.policy import Policy
from bot.handlers import outages
from bot.handlers.memory import Memory
from bot.ports import UnitOfWork


def forget(event: RetentionDue, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> Forgot:
    """Forget what nothing is tied to (rules.md 4); a run that took something leaves one audit entry."""
    outages.expire(now, uow, policy, now)
    gone = uow.messages.forget(now, policy.retention)
    if gone.texts or gone.rows or gone.names:
        detail = {"texts": gone.texts, "rows": gone.rows, "names": gone.names}
        uow.audit.append(now, SYSTEM, "retention.run", "messages", detail)
    return Forgot(gone.texts, gone.rows, gone.names)
