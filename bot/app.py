"""The one door in: events change rows in one transaction, questions read them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.domain import events
from bot.domain.errors import Stale
from bot.domain.events import Event, Looked, MessagePosted
from bot.domain.likeness import Fingerprinter
from bot.domain.notices import Notice
from bot.domain.policy import Policy
from bot.domain.questions import Answer, Question
from bot.handlers import (
    customers,
    digests,
    drills,
    duties,
    duty,
    files,
    hearing,
    housekeeping,
    messages,
    outages,
    pings,
    questions,
    reports,
    reviews,
    rights,
    teams,
)
from bot.handlers.memory import Memory
from bot.ports import Clock, Storage, UnitOfWork

TRIES = 5
"""How often one event is done again when others changed what it was based on."""


class Bot:
    """Decides. Called by one thread at a time for events; questions may come from any thread."""

    def __init__(self, storage: Storage, policy: Policy, clock: Clock, content_key: bytes) -> None:
        self.storage = storage
        self.policy = policy
        self.clock = clock
        self._memory = Memory(Fingerprinter(content_key), policy.free_mail_domains)

    def handle(self, batch: Sequence[Event]) -> list[Notice | BaseException]:
        """One result an event, in order: a notice after COMMIT, or the error that kept that event out.

        The batch is one transaction; if it fails it is done again one event at a time, so that no event can spoil
        its neighbours.
        """
        try:
            return list(self._transact(batch))
        except Exception as error:
            if len(batch) == 1 and not isinstance(error, Stale):
                return [error]
        return [self._alone(event) for event in batch]

    def _alone(self, event: Event) -> Notice | BaseException:
        for _ in range(TRIES - 1):
            try:
                return self._transact([event])[0]
            except Stale:
                continue
            except Exception as error:
                return error
        try:
            return self._transact([event])[0]
        except Exception as error:
            return error

    def _transact(self, batch: Sequence[Event]) -> list[Notice]:
        now = self.clock()
        results: list[Notice] = []
        try:
            with self.storage.begin() as uow:
                for group in _groups(batch):
                    results += self._dispatch(group, uow, now)
        except BaseException:
            self._memory.clear()
            raise
        return results

    def _dispatch(self, group: Sequence[Event], uow: UnitOfWork, now: datetime) -> Iterable[Notice]:
        posted = [event for event in group if isinstance(event, MessagePosted)]
        if posted:
            return messages.receive(posted, uow, self.policy, now, self._memory)
        return [self._one(event, uow, now) for event in group]

    def _one(self, event: Event, uow: UnitOfWork, now: datetime) -> Notice:
        denied = rights.refused(event, uow, self.policy, now)
        if denied is not None:
            rights.record(event, denied, uow, now)
            return denied
        return self._people(event, uow, now) or self._matters(event, uow, now)

    def _people(self, event: Event, uow: UnitOfWork, now: datetime) -> Notice | None:
        """Who is who, and whose messages are whose."""
        policy, memory = self.policy, self._memory
        match event:
            case events.MessageDeleted():
                return messages.delete(event, uow, policy, now)
            case events.MessageRedacted():
                return messages.redact(event, uow, policy, now, memory)
            case events.FileFetched():
                return files.fetched(event, uow, policy)
            case events.FileLost():
                return files.lost(event, uow)
            case events.AuthorLookedUp():
                return customers.looked_up(event, uow, policy, now, memory)
            case events.TeamsApplied():
                return teams.apply(event, uow, policy, now, memory)
            case events.TeamSetUp():
                return teams.set_up(event, uow, policy, now, memory)
            case events.MemberSeen():
                return teams.member_seen(event, uow, policy, now, memory)
            case events.GroupSeen():
                return teams.group_seen(event, uow, policy, now, memory)
            case events.CustomersImported():
                return customers.imported(event, uow, policy, now, memory)
            case events.ContactAssigned():
                return customers.assign(event, uow, policy, now, memory)
            case events.CustomersMerged():
                return customers.merge(event, uow, policy, now, memory)
            case events.CustomerSplit():
                return customers.split(event, uow, policy, now, memory)
            case events.OverrideSet():
                return duty.stand_in(event, uow, policy, now)
            case events.ModeSet():
                return duty.set_mode(event, uow, policy, now)
        return None

    def _matters(self, event: Event, uow: UnitOfWork, now: datetime) -> Notice:
        """What happened, what people say of it, and what time brings."""
        policy, memory = self.policy, self._memory
        match event:
            case events.ReportFiled():
                return reports.file(event, uow, policy, now, memory)
            case events.ReportDetailed():
                return reports.detail(event, uow, policy, now, memory)
            case events.ReportWithdrawn():
                return reports.withdraw(event, uow, policy, now)
            case events.IncidentReviewed():
                return reviews.review(event, uow, policy, now)
            case events.ReviewSeconded():
                return reviews.second(event, uow, policy, now)
            case events.PingAcknowledged():
                return pings.acknowledge(event, uow, policy, now)
            case events.PingResolved():
                return pings.resolve(event, uow, policy, now)
            case events.DrillWanted():
                return drills.begin(event, uow, policy, now)
            case events.DrillSeen():
                return drills.see(event, uow, policy, now)
            case events.OutageEnded():
                return outages.end(event, uow, policy, now, memory)
            case events.EscalationsDue():
                return duties.steps(event, uow, policy, now)
            case events.DigestDue():
                return digests.write(event, uow, policy, now)
            case events.DigestWanted():
                return digests.wanted(event, uow, policy, now)
            case events.RetentionDue():
                return housekeeping.forget(event, uow, policy, now, memory)
            case events.PostFailed():
                return duties.lost(event, uow, policy, now)
            case events.PersonUnheard():
                return duties.unheard(event, uow, policy, now)
            case events.HearingSeen():
                return hearing.seen(event, uow, policy, now)
            case events.Looked():
                return duties.looked(event, uow, policy, now)
        raise TypeError(event)

    def answer(self, question: Question) -> Answer:
        """The answer from rows, on a transaction that cannot write."""
        with self.storage.read() as uow:
            return questions.answer(question, uow, self.policy, self.clock())

    def look(self, question: Question, answer: Answer) -> Looked | None:
        """What has to be recorded before this answer may be shown."""
        return questions.look(question, answer)


def _groups(batch: Sequence[Event]) -> Iterable[list[Event]]:
    """Runs of messages that can be stored together: no two wordings of one message in a run."""
    group: list[Event] = []
    seen: set[tuple[str, str, str, str]] = set()
    for event in batch:
        if not isinstance(event, MessagePosted):
            if group:
                yield group
            yield [event]
            group, seen = [], set()
            continue
        identity = (event.platform, event.workspace, event.channel, event.message_id)
        if identity in seen:
            yield group
            group, seen = [], set()
        group.append(event)
        seen.add(identity)
    if group:
        yield group
