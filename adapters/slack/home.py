"""App Home: what somebody needs who opens the bot, by role; whoever is not ours finds a neutral empty page."""

from collections.abc import Sequence
from dataclasses import replace

from adapters.chat import Door
from adapters.chat.buttons import HELP
from adapters.commands import Asker
from adapters.slack.forms import form_button
from adapters.slack.views import View, blocks_of
from adapters.wording import Card, Section, Tone, say
from adapters.wording.card import Button, Style
from adapters.wording.times import Clock
from adapters.wording.voice import Voice
from bot.domain.access import DUTY, LEADING
from bot.domain.events import ReportFiled
from bot.domain.model import Actor, ReportKind, Role
from bot.domain.policy import Policy
from bot.domain.questions import DigestAsked, NextAsked, OnCallAsked, Question, StatusAsked
from bot.domain.roster import Roster


def empty_page(language: str) -> View:
    """For whoever is not ours: it accuses nobody and reveals nothing."""
    return _page((Card(say(language, "slack.home_outside"), Tone.CALM),), language)


def welcome_page(card: Card, language: str) -> View:
    """While there is no team yet: what to press."""
    return _page((card,), language)


async def page(door: Door, asker: Asker, roster: Roster) -> View | None:
    """Everybody: report and call; then what waits for this person, who is on call, what is open, and for leads the
    week so far, all on the team's clock. Nobody who reported is named in any of it (rules.md 8). None: not ours."""
    actor, language = roster.actor(asker.account), asker.language
    if not actor.inside:
        return None
    cards = [first_card(asker, roster.team(actor.team).zone or asker.zone, door.policy)]
    for question in _questions(asker.account, actor):
        card = await door.ask(question, asker)
        acting = actor.is_in(DUTY) or not isinstance(question, StatusAsked)
        cards.append(card if acting else replace(card, buttons=()))
    return _page(cards, language)


def _questions(account: str, actor: Actor) -> Sequence[Question]:
    duty: list[Question] = [NextAsked(account)] if actor.is_in(DUTY) else []
    reads = actor.is_in(LEADING | {Role.LEGAL})
    return [*duty, StatusAsked(account), OnCallAsked(account), *([DigestAsked(account)] if reads else [])]


def first_card(asker: Asker, zone: str, policy: Policy) -> Card:
    """What can be done here, and of when this page is."""
    language = asker.language
    at = Clock(Voice(language, policy), zone or policy.calendar.zone).time(asker.now)
    buttons = (
        Button(*HELP, say(language, "slack.home_now"), Style.DANGER),
        form_button(ReportFiled(actor=""), language),
        replace(form_button(ReportFiled(actor="", kind=ReportKind.CALL), language), style=Style.PLAIN),
    )
    lines = (say(language, "slack.home_text"), say(language, "slack.home_at", at=at))
    return Card(say(language, "slack.home_title"), Tone.CALM, (Section(lines=lines),), buttons)


def _page(cards: Sequence[Card], language: str) -> View:
    return {"type": "home", "callback_id": "home", "blocks": blocks_of(cards, language)}
