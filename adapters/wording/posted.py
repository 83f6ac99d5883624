"""Everything that is posted into chats becomes a card here, in one language."""

from collections.abc import Mapping
from typing import Final

from adapters.wording import drills, incidents, pings
from adapters.wording.buttons import button
from adapters.wording.card import Card, Field, Section, Style, Tone
from adapters.wording.clean import clean, clipped
from adapters.wording.digest import digest_card
from adapters.wording.incidents import quote_of
from adapters.wording.standing import (
    contract_fields,
    habit_words,
    level_words,
    number,
    origin_words,
    pace_words,
    points_words,
    threshold_words,
)
from adapters.wording.times import Clock
from adapters.wording.titles import TITLE, fitted
from adapters.wording.voice import Voice
from bot.domain.notices import (
    DigestReady,
    DrillCalled,
    DrillEnded,
    HearingNoticed,
    HelpComing,
    IncidentNoted,
    MorningListed,
    OutageNoticed,
    OutcomeAsked,
    PhoneCalled,
    PingEscalated,
    PingExhausted,
    PingOpened,
    PingsBundled,
    PingSettled,
    Posted,
    PostLost,
    SecondWanted,
    ThresholdReached,
)
from bot.domain.policy import Policy

LOST: Final = frozenset(
    {
        "deactivated",
        "closed",
        "archived",
        "forbidden",
        "outsiders",
        "gave_up",
        "broken",
        "not_connected",
        "unknown_kind",
        "gone",
        "unchecked",
        "hook_refused",
    }
)
"""Reasons of a loss that have words of their own (bot.domain.errors.DeliveryFailed); another says what it knows."""
TROUBLES: Final = frozenset({"discord.intent", "discord.token", "discord.closed"})
"""What may keep a platform's messages from us, as the errors of a start say it."""
_PLATFORMS: Final = frozenset({"slack", "discord", "email", "playground"})
_LOST_KINDS: Final = frozenset({"ping", "bundle", "incident", "digest", "outage", "customer", "help", "second", "hook"})
_ORIGINS: Final = 5


def card_of(notice: Posted, language: str, policy: Policy, quotes: Mapping[str, str]) -> Card:
    """The card of a notice in `language` (ja, en): title of at most 60 characters, 5 buttons, 10 sections.

    `quotes` are the texts still kept, by `message:12`, `report:3`, `quote:3`; names of categories and groups come from
    `policy`. Clock times are those of the zone that the notice carries.
    """
    voice = Voice(language, policy, quotes)
    match notice:
        case PingOpened():
            return pings.opened(notice, voice)
        case PingEscalated():
            return pings.escalated(notice, voice)
        case PingExhausted():
            return pings.exhausted(notice, voice)
        case PingSettled():
            return pings.settled(notice, voice)
        case OutcomeAsked():
            return pings.outcome(notice, voice)
        case PingsBundled():
            return pings.bundled(notice, voice)
        case HelpComing():
            return _help(notice, voice)
        case IncidentNoted():
            return incidents.noted(notice, voice)
        case MorningListed():
            return incidents.morning(notice, voice)
        case SecondWanted():
            return incidents.second(notice, voice)
        case OutageNoticed():
            return _outage(notice, voice)
        case ThresholdReached():
            return _threshold(notice, voice)
        case PhoneCalled():
            return Card(voice.say("card.phone.title", id=str(notice.ping_id)), Tone.CALM)
        case DrillCalled():
            return drills.called(notice, voice)
        case DrillEnded():
            return drills.ended(notice, voice)
        case DigestReady():
            return digest_card(notice.digest, voice)
        case PostLost():
            return _lost(notice, voice)
        case HearingNoticed():
            return _hearing(notice, voice)


def _help(notice: HelpComing, voice: Voice) -> Card:
    name = clipped(clean(notice.name), 30)
    at = Clock.on(voice, notice.zone, notice.at).time(notice.at)
    lines = (voice.say("card.help.coming", name=name, at=at), voice.say("card.help.meanwhile", name=name))
    return Card(clipped(voice.say("card.help.title", name=name), TITLE), Tone.GOOD, (Section(lines=lines),))


def _outage(notice: OutageNoticed, voice: Voice) -> Card:
    clock = Clock.on(voice, notice.zone, notice.ended_at or notice.at)
    at = clock.time(notice.at)
    quotes = tuple(quote_of(key, notice.at, clock, voice) for key in notice.quotes[:2])
    team = voice.say("card.outage.footer", team=clean(notice.team))
    if notice.ended_at is not None:
        ended = voice.say("card.outage.ended", at=at, until=clock.time(notice.ended_at), count=notice.customers)
        return Card(voice.say("card.outage.title_ended"), Tone.CALM, (Section(lines=(ended,)),), (), team)
    return Card(
        voice.say("card.outage.title", count=notice.customers),
        Tone.WARNING,
        (
            Section(lines=(voice.say("card.outage.do", at=at), voice.say("card.outage.means"))),
            *((Section(voice.say("card.outage.heading"), quotes=quotes),) if quotes else ()),
        ),
        (button("outage_end", f"outage:{notice.outage_id}", voice, Style.PRIMARY),),
        team,
    )


def _threshold(notice: ThresholdReached, voice: Voice) -> Card:
    """People decide; the card gives them the numbers with their parts, and the earliest end."""
    standing = notice.standing
    today = Clock.on(voice, standing.zone, standing.at).today or standing.at.date()
    origins = tuple(origin_words(share.points, voice) for share in standing.shares[:_ORIGINS])
    sums = (points_words(standing, voice), *origins)
    head = voice.say("card.threshold.head", points=number(standing.points), level=level_words(standing.level, voice))
    return Card(
        fitted(
            voice.customer(notice.customer, notice.customer_id),
            (lambda name: voice.say("card.threshold.title", customer=name),),
        ),
        Tone.WARNING,
        (
            Section(lines=(voice.say("card.threshold.people"), head, *threshold_words(standing, voice))),
            Section(voice.say("card.threshold.points"), sums),
            Section(voice.say("card.threshold.habit"), (habit_words(standing, voice), pace_words(standing, voice))),
            Section(
                voice.say("card.threshold.contract"),
                fields=contract_fields(notice.end, notice.clause, None, today, voice, standing.zone),
            ),
        ),
        (button("why", f"customer:{notice.customer_id}", voice, Style.PRIMARY, "why_numbers"),),
        voice.say("card.threshold.footer", team=clean(notice.team)),
    )


def _lost(notice: PostLost, voice: Voice) -> Card:
    kind, _, rest = notice.what.partition(":")
    what = voice.say(
        f"card.lost.what_{kind if kind in _LOST_KINDS else 'other'}", id=clean(rest.partition(":")[0].partition("@")[0])
    )
    reason = voice.say(f"card.lost.{notice.reason if notice.reason in LOST else 'unknown'}")
    at = Clock.on(voice, notice.zone, notice.at).time(notice.at)
    fields = [Field(voice.say("card.lost.reason"), reason), Field(voice.say("card.lost.when"), at)]
    if notice.channel:
        fields.append(Field(voice.say("card.lost.where"), clean(notice.channel)))
    return Card(
        voice.say("card.lost.title"),
        Tone.WARNING,
        (Section(lines=(voice.say("card.lost.told", what=what), voice.say("card.lost.do")), fields=tuple(fields)),),
        footer=voice.say("card.lost.footer", id=clean(notice.what)),
    )


def _hearing(notice: HearingNoticed, voice: Voice) -> Card:
    """What is missing, how to mend it, and what that means meanwhile."""
    platform = voice.say(f"card.place.{notice.platform if notice.platform in _PLATFORMS else 'other'}")
    at = Clock.on(voice, notice.zone, notice.at).time(notice.at)
    fields = (Field(voice.say("card.hearing.since"), at),)
    if not notice.trouble:
        section = Section(lines=(voice.say("card.hearing.back", platform=platform),), fields=fields)
        return Card(voice.say("card.hearing.title_back", platform=platform), Tone.GOOD, (section,))
    known = notice.trouble in TROUBLES
    why = voice.say(f"error.{notice.trouble}" if known else "card.hearing.unknown", platform=platform)
    lines = (why, voice.say(f"card.hearing.{notice.matter.value}", platform=platform))
    section = Section(lines=lines, fields=fields)
    return Card(voice.say("card.hearing.title", platform=platform), Tone.WARNING, (section,))
