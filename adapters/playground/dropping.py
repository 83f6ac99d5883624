"""An export that was dropped on the page: replayed in a house of its own, shown as the cards that would have come."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from adapters.imports.export import Export, open_export
from adapters.playground.drawn import card_json
from adapters.playground.room import Building
from adapters.replay import Options, Replayed, replay
from adapters.replay.watch import FollowingClock, Pretend
from adapters.wording import Card, Field, Section, Tone, card_of, fault, say
from bot.domain.errors import BadInput
from bot.domain.events import MessagePosted
from bot.domain.notices import Letter
from bot.domain.policy import Policy
from bot.intake import Intake
from bot.ports import UnitOfWork

CARDS: Final = 60
"""Cards that are shown of one replay."""
LEASE: Final = timedelta(minutes=1)
EVERY: Final = 200
"""Messages between two words about how far it is."""
FAULTS: Final = 3
AUTHORS: Final = 24
"""People among whom staff are chosen."""


@dataclass(frozen=True, slots=True)
class Result:
    """The summary first."""

    cards: list[dict[str, Any]]
    skipped: int
    more: int


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who wrote in the export, and how many messages."""

    account: str
    name: str
    count: int


class Unreadable(Exception):
    """The file could not be read as an export; the sentence says why."""


async def opened(file: Path, language: str) -> tuple[Export, tuple[Author, ...]]:
    """The export, and those who wrote most in it; Unreadable with a sentence where the file is no export."""
    try:
        export = await asyncio.to_thread(open_export, file)
        return export, await asyncio.to_thread(_authors, export)
    except BadInput as error:
        # Where the file lay for a moment is nobody's business.
        told = (fault(language, replace(mistake, path="")).lstrip(": ") for mistake in error.faults[:FAULTS])
        raise Unreadable(" ".join(told)) from None


def _authors(export: Export) -> tuple[Author, ...]:
    said = (one for one in export.events() if isinstance(one, MessagePosted))
    wrote = Counter(f"{one.platform}:{one.home or one.workspace}:{one.author}" for one in said)
    people = (export.people[account] for account, _ in wrote.most_common() if account in export.people)
    return tuple(Author(one.account, one.name, wrote[one.account]) for one in people if not one.is_bot)[:AUTHORS]


async def replayed(
    export: Export, build: Building, policy: Policy, language: str, options: Options, tell: Callable[[int, int], None]
) -> Result:
    """Everything that replay does on the command line, with the staff that `options` name."""
    total = export.messages + export.deletions
    policy = replace(policy, ping=replace(policy.ping, again=None))  # nobody would ever answer; once is told
    first, second, lead = (say(language, f"replay.{key}") for key in ("pretend_1", "pretend_2", "pretend_lead"))
    pretend = Pretend((first, second, lead), policy.calendar.zone, say(language, "replay.pretend_team"))
    clock = FollowingClock()
    tell(0, total)
    async with build(policy, clock, {}) as intake:
        result = await replay(
            export, intake, clock, options, pretend,
            lambda done: tell(done, total) if done % EVERY == 0 or done == total else None,
        )  # fmt: skip
        letters = await _letters(intake, clock)
    cards = [card_of(one.post.notice, language, policy, one.quotes) for one in letters[:CARDS]]
    shown = [card_json(replace(card, buttons=())) for card in cards]
    summary = card_json(_summary(export, result, len(letters), language))
    return Result([summary, *shown], len(result.skipped), max(len(letters) - CARDS, 0))


async def _letters(intake: Intake, clock: FollowingClock) -> list[Letter]:
    """What waits to be sent, with its quotes, in the order of sending; it goes nowhere."""
    found: list[Letter] = []

    def claim(uow: UnitOfWork) -> list[Letter]:
        letters = uow.outbox.claim(clock(), LEASE, 100)
        for letter in letters:
            uow.outbox.dead(letter, clock(), "replay")
        return letters

    while letters := await intake.write(claim):
        found += letters
    return sorted(found, key=lambda letter: letter.id)


def _summary(export: Export, result: Replayed, cards: int, language: str) -> Card:
    fields = {
        "messages": export.messages, "detections": len(result.shown.stories), "outages": len(result.shown.outages),
        "pings": len(result.record.pings), "customers": result.customers, "quiet": result.quiet,
        "skipped": len(result.skipped),
    }  # fmt: skip
    told = tuple(Field(say(language, f"playground.replay.{key}"), str(count)) for key, count in fields.items())
    lines = [say(language, "playground.replay.what" if cards else "playground.replay.nothing", cards=cards)]
    if not result.knows_staff:
        lines.append(say(language, "playground.replay.no_staff"))
    section = Section(lines=tuple(lines), fields=told)
    return Card(say(language, "playground.replay.title"), Tone.CALM, (section,))
