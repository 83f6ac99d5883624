"""The door for people's words: what they typed or pressed goes into the core, and a card in their language comes back.

A person is told within three seconds on every platform: if the commit does not come in time, the event is withdrawn
("not saved, try again"), or, when its batch has begun already, the answer says that it is not confirmed yet.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from adapters.chat.lookup import Rows
from adapters.commands import Ambiguous, Ask, Asker, Do, Form, Help, ShowPolicy, Wrong, help_card, help_card_of, parse
from adapters.commands import wrong_card as wrong
from adapters.wording import Card, Section, Tone, answer_card, say
from bot.domain.errors import KasuharaError, NotFound, Refused
from bot.domain.events import Event
from bot.domain.model import Customer, Team
from bot.domain.policy import Policy
from bot.domain.questions import CustomersAsked, CustomersShown, DueAsked, DueShown, Question, TeamsAsked, TeamsShown
from bot.domain.roster import Roster
from bot.intake import Intake

LIMIT: Final = 2.5
"""Seconds until a person or a platform is told that it is not committed yet (slack.md 1)."""
LOG: Final = logging.getLogger("kasuhara.door")


@dataclass(frozen=True, slots=True)
class Said:
    """What one line became: a card to show, or a form to open."""

    card: Card | None
    form: Form | None = None


class Door:
    """Shared by all platforms; `limit` in seconds."""

    def __init__(self, intake: Intake, policy: Policy, limit: float = LIMIT) -> None:
        self._intake = intake
        self.policy = policy
        self._limit = limit

    async def line(self, text: str, asker: Asker, names: Mapping[str, str] | None = None) -> Said:
        """One line of `/kasuhara`; never raises."""
        try:
            rows = await asyncio.wait_for(self._rows(), self._limit)
        except (TimeoutError, KasuharaError):
            return Said(self._sentence("door.not_saved", asker.language, Tone.WARNING))
        roster = Roster(rows.teams)
        team = roster.actor(asker.account).team
        zone = roster.team(team).zone or asker.zone or self.policy.calendar.zone
        asker = replace(asker, team=asker.team or team, zone=zone)
        parsed = parse(text, asker, rows.lookup, self.policy)
        match parsed:
            case Do():
                return Said(await self.do(parsed.event, asker, names))
            case Ask():
                return Said(await self.ask(parsed.question, asker, names))
            case Form():
                return Said(None, parsed)
            case Help():
                card = help_card_of(parsed.word, parsed.language) if parsed.word else help_card(parsed.language)
                return Said(card)
            case ShowPolicy():
                return Said(self._policy(asker.language))
            case Ambiguous():
                return Said(self._several(parsed, rows.customers, asker.language))
            case Wrong():
                return Said(wrong(parsed, asker.language))

    async def do(self, event: Event, asker: Asker, names: Mapping[str, str] | None = None) -> Card:
        """Something done by a person, and what they are told."""
        future = None
        try:
            future = self._intake.submit(event)
            done = await asyncio.wait_for(asyncio.shield(future), self._limit)
        except TimeoutError:
            withdrawn = future is not None and self._intake.withdraw(future)
            key = "door.not_saved" if withdrawn else "door.not_confirmed"
            return self._sentence(key, asker.language, Tone.WARNING)
        except KasuharaError as error:
            return self._error(error, asker.language)
        return answer_card(done, asker.language, self.policy, names, asker.zone)  # type: ignore[arg-type]

    async def ask(self, question: Question, asker: Asker, names: Mapping[str, str] | None = None) -> Card:
        """Something asked by a person, and the answer for them alone."""
        try:
            answer = await asyncio.wait_for(self._intake.ask(question), self._limit)
        except TimeoutError:
            return self._sentence("door.late", asker.language, Tone.WARNING)
        except KasuharaError as error:
            return self._error(error, asker.language)
        return answer_card(answer, asker.language, self.policy, names, asker.zone)  # type: ignore[arg-type]

    async def _rows(self) -> "_Known":
        teams, customers, due = await asyncio.gather(
            self._intake.ask(TeamsAsked()), self._intake.ask(CustomersAsked()), self._intake.ask(DueAsked())
        )
        if not (isinstance(teams, TeamsShown) and isinstance(customers, CustomersShown) and isinstance(due, DueShown)):
            raise TypeError(teams)
        return _Known(teams.teams, customers.customers, Rows(customers.customers, due.rounds))

    def _error(self, error: KasuharaError, language: str) -> Card:
        """What happened and what to do; the record has the rest."""
        LOG.info("door.error kind=%s", type(error).__name__)
        match error:
            case Refused():
                return self._card(say(language, f"error.{error}"), Tone.NOTICE)
            case NotFound():
                return self._sentence("door.not_found", language, Tone.NOTICE, what=str(error.args[-1]))
        return self._sentence("door.not_saved", language, Tone.WARNING)

    def _several(self, parsed: Ambiguous, customers: tuple[Customer, ...], language: str) -> Card:
        if not parsed.candidates:
            return self._sentence(f"door.none_{parsed.what}", language, Tone.NOTICE, name=parsed.name)
        labels = {c.id: c.label for c in customers} if parsed.what == "customer" else {}
        lines = tuple(f"{id}: {labels[id]}" if id in labels else str(id) for id in parsed.candidates)
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


@dataclass(frozen=True, slots=True)
class _Known:
    teams: tuple[Team, ...]
    customers: tuple[Customer, ...]
    lookup: Rows
