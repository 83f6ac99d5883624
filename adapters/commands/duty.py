"""Everything about pings, the rota, the digest and the house: short lines with a number, a name or an action."""

from datetime import timedelta
from typing import Final

from adapters.commands import moments
from adapters.commands.choices import LANGUAGES, SUBJECTS, Choice, chosen
from adapters.commands.line import Line, first, number
from adapters.commands.names import folded, nearest
from adapters.commands.parsed import Ask, Do, Help, Mistake, Parsed, SetUp, Several, ShowPolicy
from adapters.commands.table import BY_NAME, CUSTOMER, TEAM, nearest_word
from adapters.commands.tags import Tagged
from bot.domain.events import (
    DigestWanted,
    DrillWanted,
    ModeSet,
    OutageEnded,
    OverrideSet,
    PingAcknowledged,
    PingResolved,
)
from bot.domain.model import Mode
from bot.domain.questions import DigestAsked, NextAsked, OnCallAsked, StatusAsked, WhyAsked

_LONGEST: Final = timedelta(days=7)
_SUBJECTS: Final = {choice.value: choice for choice in SUBJECTS}


def ack(line: Line) -> Parsed:
    """The ping of the number, else the one that called the asker; words after it are no reason to refuse."""
    ping, _ = _ping(line, line.lookup.to_acknowledge(line.asker.account))
    return Do(PingAcknowledged(actor=line.asker.account, ping_id=ping))


def resolve(line: Line) -> Parsed:
    """The ping of the number, else the one that the asker has taken; what follows is the note."""
    ping, note = _ping(line, line.lookup.to_resolve(line.asker.account))
    return Do(PingResolved(actor=line.asker.account, ping_id=ping, note=note))


def status(line: Line) -> Parsed:
    """Of a customer, by tag or by name alone; else of a team."""
    said = line.tagged()
    customer = line.customer(said.value(CUSTOMER.key) or said.text)
    return Ask(StatusAsked(line.asker.account, said.value(TEAM.key), customer))


def following(line: Line) -> Parsed:
    """What most waits for the asker."""
    return Ask(NextAsked(line.asker.account))


def why(line: Line) -> Parsed:
    """検知4, ping 3, 顧客:北田商店, or a customer's name alone."""
    said = line.tagged()
    if CUSTOMER.key in said.tags:
        return _why(line, "customer", said.value(CUSTOMER.key))
    one, rest = first(said.text)
    for choice in SUBJECTS:
        found = number(one, choice) if not number(one) else None
        if found is not None:
            return _why(line, choice.value, str(found))
        if chosen((choice,), one) and rest:
            return _why(line, choice.value, rest)
    nouns = tuple(folded(name) for choice in SUBJECTS for name in choice.names)
    unread = folded(one).startswith(nouns) and not line.lookup.customer(said.text)
    if not said.text or number(said.text) or unread:
        raise Mistake("subject", value=said.text)
    return _why(line, "customer", said.text)


def oncall(line: Line) -> Parsed:
    """Who is on call; with `take` and a length or span the asker stands in, with `test` whoever is gets a practice
    call."""
    said = line.tagged()
    one, rest = first(said.text)
    if not one:
        return Ask(OnCallAsked(line.asker.account, said.value(TEAM.key)))
    if line.action(one) == "test":
        return Do(DrillWanted(actor=line.asker.account, team=_team(line, said)))
    if line.action(one) != "take":
        raise _no_action(line, one)
    asker, lasting, moment = line.asker, moments.length(rest), moments.said(rest)
    span = (asker.now, asker.now + lasting) if lasting else None
    if moment is not None:
        span = moments.coming(moment, asker.zone, asker.now)
    if span is None:
        raise Mistake("span", value=rest)
    if span[1] - span[0] > _LONGEST:
        raise Mistake("too_long", value=rest, days=str(_LONGEST.days))
    return Do(
        OverrideSet(actor=asker.account, team=_team(line, said), account=asker.account, start=span[0], end=span[1])
    )


def digest(line: Line) -> Parsed:
    """The digest for the asker alone; with `post` into the leads' channel."""
    said = line.tagged()
    if not said.text:
        return Ask(DigestAsked(line.asker.account, said.value(TEAM.key)))
    if line.action(said.text) != "post":
        raise _no_action(line, said.text)
    return Do(DigestWanted(actor=line.asker.account, team=_team(line, said)))


def admin(line: Line) -> Parsed:
    """The mode of a team; an outage that is over; setting a team up."""
    said = line.tagged()
    action = line.action(said.text)
    if action == "setup":
        return SetUp(said.value(TEAM.key))
    if action == "outage end":
        return Do(OutageEnded(actor=line.asker.account))
    if action is None:
        raise _no_action(line, said.text)
    mode = Mode(action.removeprefix("mode "))
    return Do(ModeSet(actor=line.asker.account, team=_team(line, said), mode=mode))


def policy(_: Line) -> Parsed:
    """The company's policy."""
    return ShowPolicy()


def helped(line: Line) -> Parsed:
    """Help, for a word and in a language if they are named; what is no word gets the help of all."""
    language, word = line.asker.language, ""
    for said in line.rest.split():
        named = BY_NAME.get(folded(said))
        language = chosen(LANGUAGES, said) or language
        word = word or (named.key if named else "" if chosen(LANGUAGES, said) else nearest_word(said))
    return Help(word, language)


def _ping(line: Line, own: tuple[int, ...]) -> tuple[int, str]:
    """The number of the ping, and what follows it."""
    one, rest = first(line.rest)
    ping = number(one, _SUBJECTS["ping"])
    if ping is None and one and chosen((_SUBJECTS["ping"],), one):
        two, after = first(rest)
        ping, rest = number(two), after
    if ping is not None:
        return ping, rest.strip()
    if not own:
        raise Mistake("no_ping")
    if len(own) > 1:
        raise Several("ping", "", own)
    return own[0], line.rest.strip()


def _why(line: Line, subject: str, said: str) -> Parsed:
    ref = line.customer(said) if subject == "customer" else number(said)
    if ref is None:
        raise Mistake("subject", value=said)
    return Ask(WhyAsked(line.asker.account, f"{subject}:{ref}"))


def _team(line: Line, said: Tagged) -> str:
    return said.value(TEAM.key) or line.asker.team


def _no_action(line: Line, said: str) -> Mistake:
    language, actions = line.asker.language, line.word.actions
    allowed = " / ".join(f"{line.word.shown(language)} {choice.shown(language)}" for choice in actions)
    return Mistake("action", value=said, word=line.word.shown(language), allowed=allowed, example=_example(line, said))


def _example(line: Line, said: str) -> str:
    """The example of the action that was probably meant, else the first one's."""
    names = {name: choice for choice in line.word.actions for name in choice.names}
    near = nearest(said, {name: choice.value for name, choice in names.items()})
    action: Choice = next((c for c in line.word.actions if c.value == near), line.word.actions[0])
    return f"{line.word.key}_{action.value.replace(' ', '_')}"
