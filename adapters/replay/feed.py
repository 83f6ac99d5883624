"""Feeding an export through the door in order of time, with a clock that follows it."""

import asyncio
import difflib
import hashlib
import resource
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from adapters.imports.export import Export, Skipped
from adapters.replay.watch import ACTOR, SOURCE, FollowingClock, Pretend, Watch, asked, on_duty
from bot.domain.attribution import account_of
from bot.domain.errors import BadInput, Fault, KasuharaError
from bot.domain.events import CustomersImported, Event, MessageDeleted, MessagePosted, RetentionDue
from bot.domain.model import CustomerRecord, Membership, Role, Staff, Team
from bot.domain.notices import Notice
from bot.domain.policy import Policy
from bot.domain.questions import (
    CustomersAsked,
    CustomersShown,
    DetectionsAsked,
    DetectionsShown,
    ProgressAsked,
    ProgressShown,
    RecordAsked,
    RecordShown,
)
from bot.intake import BATCH, Intake

IN_FLIGHT: Final = 2 * BATCH
AFTERWARDS: Final = timedelta(hours=2)
"""After the last message the clock goes on this long, so that open pings take their steps."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the export's people become customers and staff (rules.md 9)."""

    customers: str = "author"
    staff: tuple[str, ...] = ()
    teams: tuple[Team, ...] = ()
    ack: int | None = None
    """Minutes after which somebody answers a ping; None: nobody does."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay found, and what it cost."""

    shown: DetectionsShown
    record: RecordShown
    messages: int
    resumed_at: datetime | None
    customers: int
    """Those who were noticed, and who waited."""
    quiet: int
    """Those who wrote and repeated nothing."""
    knows_staff: bool
    seconds: float
    peak_mib: float
    skipped: tuple[Skipped, ...]


async def replay(
    export: Export,
    intake: Intake,
    clock: FollowingClock,
    options: Options,
    pretend: Pretend,
    progress: Callable[[int], None],
) -> Replayed:
    """Feed all of `export` and read back what came of it; `progress` is told how many messages are done."""
    started = time.perf_counter()
    resumed_at = (await asked(intake, ProgressAsked(), ProgressShown)).newest
    clock.now = resumed_at or clock.now
    teams = teams_of(export, options, pretend.team)
    await on_duty(teams, pretend, intake)
    records = _customers_of(export, options)
    if records:
        await intake.submit(CustomersImported(records=records, actor=ACTOR))
    own = frozenset(workspace for team in teams for workspace in team.workspaces)
    began = resumed_at.date() if resumed_at else date.min
    watch = Watch(intake, clock, options.ack)
    failed = await _feed(_events(export, own, resumed_at), began, intake, clock, watch, progress)
    shown = await asked(intake, DetectionsAsked(), DetectionsShown)
    people = await asked(intake, CustomersAsked(counted=True), CustomersShown)
    wrote = sum(1 for count in people.messages.values() if count)
    noticed = len({story.customer.id for story in shown.stories})
    return Replayed(
        shown=shown,
        record=await asked(intake, RecordAsked(), RecordShown),
        messages=export.messages,
        resumed_at=resumed_at,
        customers=noticed,
        quiet=wrote - noticed,
        knows_staff=any(team.staff for team in teams),
        seconds=time.perf_counter() - started,
        peak_mib=_peak_mib(),
        skipped=export.skipped + failed,
    )


def identity_of(export: Export, options: Options, policy: Policy) -> int:
    """What the rows of a replay belong to: this export, read with these options under this pack.

    An export is known by its first message, so that one that has grown since goes on in the same file.
    """
    first = next(export.events(), None)
    facts = (export.platform, first and (first.workspace, first.channel, first.message_id), options, policy.hash)
    return int.from_bytes(hashlib.blake2b(repr(facts).encode(), digest_size=7).digest(), "big")


def _peak_mib() -> float:
    """Peak memory of this process; ru_maxrss is KiB on Linux, bytes on macOS."""
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _events(
    export: Export, own: frozenset[str], resumed_at: datetime | None
) -> Iterator[MessagePosted | MessageDeleted]:
    """What is still to be fed: rows are committed in order of time, so all before the newest stored one are in."""
    for event in export.events():
        at = event.sent_at if isinstance(event, MessagePosted) else event.deleted_at
        if resumed_at is not None and at < resumed_at:
            continue
        yield _with_membership(event, export, own) if isinstance(event, MessagePosted) else event


def _with_membership(event: MessagePosted, export: Export, own: frozenset[str]) -> MessagePosted:
    """A full member of our own workspace is a colleague; an export only says who is a bot or a guest."""
    account = account_of(event)
    person = export.people.get(account)
    ours = account.rpartition(":")[0] in own and not (person and person.guest)
    if ours and event.membership is Membership.OUTSIDER:
        return replace(event, membership=Membership.MEMBER)
    return event


async def _feed(
    source: Iterator[MessagePosted | MessageDeleted],
    day: date,
    intake: Intake,
    clock: FollowingClock,
    watch: Watch,
    progress: Callable[[int], None],
) -> tuple[Skipped, ...]:
    """Submit in order, some in flight; a day in the export's time, if not `day`, brings one run of forgetting.

    What is in flight spans less than the shortest wait of a ping, so that steps come between the right messages.
    """
    waiting: deque[tuple[datetime, Event, asyncio.Future[Notice]]] = deque()
    failed: list[Skipped] = []
    done = 0

    async def settle(limit: int) -> None:
        nonlocal done
        while len(waiting) > limit:
            at, event, future = waiting.popleft()
            clock.now = max(clock.now, at)
            try:
                watch.saw(await future)
            except KasuharaError:
                raise
            except Exception as error:
                failed.append(_refused(event, error))
            done += 1
            progress(done)

    for event in source:
        at = event.sent_at if isinstance(event, MessagePosted) else event.deleted_at
        if at.date() != day:
            await settle(0)
            await watch.until(at)
            day, clock.now = at.date(), max(clock.now, at)
            await intake.submit(RetentionDue())
        elif waiting and at - waiting[0][0] >= watch.shortest:
            await settle(0)
            await watch.until(at)
            # Not at the last step: a run that goes on after a stop stands at the last message, and must judge the same.
            clock.now = max(clock.now, at)
        waiting.append((at, event, intake.submit(event)))
        await settle(IN_FLIGHT)
    await settle(0)
    ended = clock.now
    await watch.until(ended + AFTERWARDS)
    clock.now = ended  # what is told is as of the last record, also by a run that finds all steps taken
    return tuple(failed)


def _refused(event: Event, error: Exception) -> Skipped:
    record = event.message_id if isinstance(event, MessagePosted | MessageDeleted) else ""
    return Skipped("", record, "refused_by_storage", (("error", type(error).__name__),))


def teams_of(export: Export, options: Options, made_up: str) -> tuple[Team, ...]:
    """The teams that the rows get: those of a team file, and one for the ids given on the command line."""
    if not options.staff:
        return options.teams or (Team(made_up, "", (), ()),)
    return (*options.teams, Team(made_up, "", (), tuple(_person(export, id) for id in options.staff)))


def _person(export: Export, id: str) -> Staff:
    known = {account.rpartition(":")[2]: account for account in export.people}
    account = id if id in export.people else known.get(id)
    if account is None:
        near = difflib.get_close_matches(id, known, n=1)
        raise BadInput((Fault("--staff", 0, "staff_unknown", (("got", id), ("near", near[0] if near else "-"))),))
    return Staff(account, export.people[account].name, (Role.AGENT,))


def _customers_of(export: Export, options: Options) -> tuple[CustomerRecord, ...]:
    if options.customers == "channel":
        return tuple(CustomerRecord(name=name, channels=(key,), source=SOURCE) for key, name in export.channels.items())
    if options.customers == "team":
        homes = sorted({account.rpartition(":")[0] for account in export.people})
        if len(homes) < 2:
            raise BadInput((Fault("--customers", 0, "one_team", ()),))
        return tuple(CustomerRecord(name=home, workspaces=(home,), source=SOURCE) for home in homes)
    return ()
