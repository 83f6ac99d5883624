"""The door for people's words: what they typed or pressed goes into the core, and a card in their language comes back.

A person is told within three seconds on every platform: if the commit does not come in time, the event is withdrawn
("not saved, try again"), or, when its batch has begun already, the answer says that it is not confirmed yet.
"""

import asyncio
import contextlib
import logging
from dataclasses import dataclass, replace
from typing import Any, Final

from adapters.chat.lookup import Rows
from adapters.chat.roll import Roll
from adapters.commands import (
    COMMAND,
    Ambiguous,
    Ask,
    Asker,
    Do,
    Form,
    Help,
    SetUp,
    ShowPolicy,
    Wrong,
    called,
    help_card,
    help_card_of,
    parse,
    word_of,
)
from adapters.commands import wrong_card as wrong
from adapters.wording import Card, Section, Tone, answer_card, say
from adapters.wording.duty import which
from adapters.wording.say import knows
from adapters.wording.voice import Voice
from bot.domain.errors import NotFound, Refused
from bot.domain.events import Event
from bot.domain.model import Customer, Role
from bot.domain.notices import Denied
from bot.domain.policy import Policy
from bot.domain.questions import (
    Answer,
    CustomersAsked,
    CustomersShown,
    DueAsked,
    DueShown,
    Question,
    StatusAsked,
)
from bot.domain.roster import Roster
from bot.intake import Intake

LIMIT: Final = 2.5
"""Seconds until a platform is told that it is not committed yet (slack.md 1)."""
PATIENCE: Final = 2.0
"""Seconds until a person is told so, from when they acted: with the way there and back they know within three."""
LOG: Final = logging.getLogger("kasuhara.door")


@dataclass(frozen=True, slots=True)
class Told:
    """What became of something done; `done` False: as far as is known nothing was kept, and why."""

    card: Card
    done: bool
    key: str = ""
    """Of the reason why not, where the core gave one: report.empty, review.reason; "denied" for a missing right."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one line became: a card to show, or a form to open. `setup`: where there is a form to set a team up, that
    instead of the card."""

    card: Card | None
    form: Form | None = None
    setup: SetUp | None = None


class Door:
    """Shared by all platforms; `limit` in seconds is for one act, however many steps it has.

    What has an `until` is told by then, on the loop's clock; without one the act begins there."""

    def __init__(self, intake: Intake, policy: Policy, limit: float = PATIENCE) -> None:
        self._intake = intake
        self.roll = Roll(intake)
        self.policy = policy
        self._limit = limit

    def until(self) -> float:
        """When an act that begins now has to be answered."""
        return asyncio.get_running_loop().time() + self._limit

    async def line(self, text: str, asker: Asker, until: float | None = None) -> Said:
        """One line of `/kasuhara`; never raises. Times in it are read on the asker's clock, else on the team's."""
        said = await self._line(text, asker, until or self.until())
        return said if said.card is None else replace(said, card=called(said.card, asker.command))

    async def _line(self, text: str, asker: Asker, until: float) -> Said:
        try:
            async with asyncio.timeout_at(until):
                rows = await self._rows()
        except Exception:
            return Said(self._sentence("door.not_saved", asker.language, Tone.WARNING))
        actor = rows.roster.actor(asker.account)
        zone = asker.zone or rows.roster.team(actor.team).zone or self.policy.calendar.zone
        asker = replace(asker, team=asker.team or actor.team, zone=zone)
        parsed = parse(text, asker, rows.lookup, self.policy)
        match parsed:
            case Do():
                return Said((await self._done(parsed.event, asker, until)).card)
            case Ask():
                return Said(await self._answered(parsed.question, asker, until))
            case Form():
                return Said(None, parsed)
            case SetUp():
                return Said(self._sentence("commands.setup_elsewhere", asker.language, Tone.NOTICE), setup=parsed)
            case Help():
                roles = frozenset[Role]().union(*actor.roles.values()) if actor.inside else None
                whole = help_card(parsed.language, roles)
                return Said(help_card_of(parsed.word, parsed.language) if parsed.word else whole)
            case ShowPolicy():
                return Said(self._policy(asker.language))
            case Ambiguous() | Wrong() if not actor.inside:  # they name customers, or say whom there is not
                return Said(await self._refused(asker, until))
            case Ambiguous():
                return Said(self._several(parsed, rows, asker))
            case Wrong():
                return Said(wrong(parsed, asker.language))

    async def do(self, event: Event, asker: Asker, until: float | None = None) -> Told:
        """Something done by a person, and what they are told; never raises."""
        told = await self._done(event, asker, until or self.until())
        return replace(told, card=called(told.card, asker.command))

    async def ask(self, question: Question, asker: Asker, until: float | None = None) -> Card:
        """Something asked by a person, and the answer for them alone; never raises."""
        return called(await self._answered(question, asker, until or self.until()), asker.command)

    async def either(self, deed: Event | Question, asker: Asker, until: float | None = None) -> Card:
        """Something done or asked, such as what a button means, and its card; never raises."""
        if isinstance(deed, Question):
            return await self.ask(deed, asker, until)
        return (await self.do(deed, asker, until)).card

    async def refused(self, asker: Asker, until: float | None = None) -> Card:
        """For whoever no team lists, whatever they wanted: the core's refusal, which says what to do and is recorded;
        never raises."""
        return called(await self._refused(asker, until or self.until()), asker.command)

    async def look(self, question: Question, until: float | None = None) -> Answer:
        """The bare answer, for whoever makes a form of it; TimeoutError or the core's own errors."""
        async with asyncio.timeout_at(until or self.until()):
            return await self._intake.ask(question)

    async def roster(self, until: float | None = None) -> Roster:
        """The teams as they are; TimeoutError, or what reading them raises."""
        async with asyncio.timeout_at(until or self.until()):
            return await self.roll.now(kept=0.0)

    async def knows(self, account: str, until: float | None = None) -> bool:
        """Whether a team lists this account; TimeoutError where that is not known."""
        roster = await self.roll.soon(until or self.until())
        if roster is None:
            raise TimeoutError
        return roster.actor(account).inside

    def late(self, language: str) -> Card:
        """What is said while it is not known who acts: nothing was done, and nothing of ours is shown."""
        return self._sentence("door.late", language, Tone.WARNING)

    def trouble(self, error: Exception, language: str, otherwise: str = "door.late") -> Card:
        """What happened and what to do; the record has the rest. `otherwise`: where time or a fault kept it out."""
        LOG.info("door.error kind=%s", type(error).__name__)
        match error:
            case Refused() if knows(language, f"error.{error}"):
                return self._card(say(language, f"error.{error}"), Tone.NOTICE)
            case NotFound():
                return self._sentence("door.not_found", language, Tone.NOTICE, what=str(error.args[-1]))
        return self._sentence(otherwise, language, Tone.WARNING)

    async def _done(self, event: Event, asker: Asker, until: float) -> Told:
        future = None
        try:
            future = self._intake.submit(event)
            future.add_done_callback(_seen)
            async with asyncio.timeout_at(until):
                done = await asyncio.shield(future)
        except TimeoutError:
            withdrawn = future is not None and self._intake.withdraw(future)
            key = "door.not_saved" if withdrawn else "door.not_confirmed"
            return Told(self._sentence(key, asker.language, Tone.WARNING), done=False)
        except Exception as error:  # whatever it is, the transaction is gone and a person waits for a word
            key = str(error) if isinstance(error, Refused) else ""
            return Told(self.trouble(error, asker.language, "door.not_saved"), done=False, key=key)
        denied = isinstance(done, Denied)
        return Told(await self._card_of(done, asker, until), done=not denied, key="denied" if denied else "")

    async def _answered(self, question: Question, asker: Asker, until: float) -> Card:
        try:
            async with asyncio.timeout_at(until):
                answer = await self._intake.ask(question)
        except Exception as error:
            return self.trouble(error, asker.language)
        return await self._card_of(answer, asker, until)

    async def _refused(self, asker: Asker, until: float) -> Card:
        return await self._answered(StatusAsked(asker.account), asker, until)

    async def _card_of(self, answer: Any, asker: Asker, until: float) -> Card:
        """Our own people by the names that their teams give; without them where that takes too long."""
        names: dict[str, str] = {}
        with contextlib.suppress(Exception):
            teams = (await self.roster(until)).teams
            names = {person.account: person.name for team in teams for person in team.staff if person.name}
        return answer_card(answer, asker.language, self.policy, names, asker.zone)

    async def _rows(self) -> "_Known":
        roster, customers, due = await asyncio.gather(
            self.roll.now(kept=0.0), self._intake.ask(CustomersAsked()), self._intake.ask(DueAsked())
        )
        if not (isinstance(customers, CustomersShown) and isinstance(due, DueShown)):
            raise TypeError(due)
        return _Known(roster, customers.customers, Rows(customers.customers, due.rounds))

    def _several(self, parsed: Ambiguous, rows: "_Known", asker: Asker) -> Card:
        language = asker.language
        if not parsed.candidates:
            return self._sentence(f"door.none_{parsed.what}", language, Tone.NOTICE, name=parsed.name)
        labels = {c.id: c.label for c in rows.customers}
        if parsed.what == "ping":
            typed = f"{COMMAND} {word_of(parsed.word).shown(language)} {parsed.candidates[0]}"
            said = say(language, "door.several_ping", example=typed, text=parsed.text)
            pings = {one.ping.id: one.ping for one in rows.lookup.rounds}
            asked = [(pings[id], labels.get(pings[id].customer_id, "")) for id in parsed.candidates]
            return which(parsed.word, asked, said, Voice(language, self.policy), asker.zone)
        lines = tuple(f"{id}: {labels.get(id, '')}" for id in parsed.candidates)
        said = say(language, f"door.several_{parsed.what}", name=parsed.name, text=parsed.text)
        return Card(say(language, "door.title"), Tone.NOTICE, (Section(lines=(said, *lines)),))

    def _policy(self, language: str) -> Card:
        facts = {"edition": self.policy.edition, "issuer": self.policy.issuer, "as_of": self.policy.as_of.isoformat()}
        names = tuple(c.ja if language == "ja" else c.en for c in self.policy.categories)
        head = say(language, "door.policy", **facts)
        return Card(say(language, "door.policy_title"), Tone.CALM, (Section(lines=(head, *names)),))

    def _sentence(self, key: str, language: str, tone: Tone, **fields: str) -> Card:
        return self._card(say(language, key, **fields), tone)

    def _card(self, sentence: str, tone: Tone) -> Card:
        return Card(sentence, tone)


def _seen(future: "asyncio.Future[Any]") -> None:
    """An error that comes after the person was told is no error of the loop."""
    if not future.cancelled() and (error := future.exception()) is not None:
        LOG.info("door.later kind=%s", type(error).__name__)


@dataclass(frozen=True, slots=True)
class _Known:
    roster: Roster
    customers: tuple[Customer, ...]
    lookup: Rows
