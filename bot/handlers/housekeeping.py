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
    """Forget what nothing is tied to, and what was said long ago (rules.md 4); one audit entry if anything went."""
    outages.expire(now, uow, policy, now)
    gone = uow.messages.forget(now, policy.retention)
    uow.drills.forget(now - policy.retention.trace)
    posts = uow.outbox.forget(now - policy.retention.text)
    if gone.texts or gone.rows or gone.names or gone.files or posts:
        detail = {"texts": gone.texts, "rows": gone.rows, "names": gone.names, "posts": posts}
        detail |= {"files": gone.files} if gone.files else {}
        uow.audit.append(now, SYSTEM, "retention.run", "messages", detail)
    return Forgot(gone.texts, gone.rows, gone.names)
