"""Why a detection or an incident is as it is: the rule, the messages, the edition, what would have changed it."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from adapters.wording.acknowledged import ending
from adapters.wording.buttons import button
from adapters.wording.card import Button, Card, Quote, Section, Tone
from adapters.wording.clean import clean, clipped
from adapters.wording.files import files_part
from adapters.wording.incidents import finding_words, footer_of, masked, reminders, signs_part, what_words
from adapters.wording.matching import matching
from adapters.wording.people import labelled
from adapters.wording.say import say
from adapters.wording.standing import origin_words
from adapters.wording.times import Clock, duration, window_words
from adapters.wording.titles import fitted
from adapters.wording.verdicts import state_words
from adapters.wording.voice import Voice
from bot.domain.model import Detection, Kind, Reach, SignKind, Spoken
from bot.domain.notices import IncidentFacts
from bot.domain.policy import Window
from bot.domain.questions import DetectionStory, WhyShown

MESSAGES: Final = 6
DETECTIONS: Final = 4
"""Buttons to detections on one card."""
QUOTED: Final = 120
"""Characters of one message: the same content stands there several times."""


def detection(answer: WhyShown, story: DetectionStory, voice: Voice, names: Mapping[str, str]) -> Card:
    """`names` shows channels (`platform:workspace:channel`); one that it does not know is named by its platform."""
    found = story.detection
    clock = Clock(voice, answer.zone)
    rest, quotes = _said(story, clock, voice, names)
    return Card(
        fitted(
            labelled(story.customer.label, voice),
            (lambda name: voice.say("answer.why.detection_title", id=str(found.id), customer=name),),
        ),
        Tone.CALM,
        (
            Section(lines=(*_rule(answer, found, story.messages, clock, voice), edition_words(answer, voice))),
            Section(lines=tuple(_circumstances(found, voice))),
            Section(voice.say("answer.why.changed"), tuple(_detected_otherwise(answer, found, voice))),
            *((Section(voice.say("answer.why.messages"), rest, quotes=quotes),) if quotes else ()),
            *files_part(answer.files, voice),
            *_habits(story, voice),
        ),
        footer=voice.say("answer.why.detection_footer"),
    )


def counted(answer: WhyShown, facts: IncidentFacts, voice: Voice, names: Mapping[str, str]) -> tuple[Section, ...]:
    """What an incident or a ping rests on at last: the rule, and the messages with what is the same in them; words that
    are masked on the card stand behind the detection's own button."""
    story = answer.detection
    if story is None:
        return ()
    clock = Clock(voice, answer.zone)
    rule = tuple(_rule(answer, story.detection, story.messages, clock, voice))
    heading = voice.say("answer.why.messages")
    if masked(facts, voice):
        return (Section(heading, (*rule, voice.say("card.sign.masked"))),)
    rest, quotes = _said(story, clock, voice, names)
    return (Section(heading, (*rule, *rest), quotes=quotes),)


def _said(
    story: DetectionStory, clock: Clock, voice: Voice, names: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[Quote, ...]]:
    """How many messages are left out in between, if any; the others with what they have of the one in the middle."""
    messages = story.messages
    shown = (*messages[: MESSAGES - 1], messages[-1]) if len(messages) > MESSAGES else messages
    more = len(messages) - len(shown)
    center = next((message.text for message in messages if message.id == story.detection.center), None)
    rest = (voice.say("answer.why.messages_more", count=more),) if more else ()
    return rest, tuple(_quote(message, center, clock, voice, names) for message in shown)


def _window(answer: WhyShown, voice: Voice) -> str:
    return window_words(Window("", timedelta(minutes=answer.minutes), answer.needed), voice.language)


def _rule(
    answer: WhyShown, found: Detection, messages: tuple[Spoken, ...], clock: Clock, voice: Voice
) -> Iterable[str]:
    window = _window(answer, voice) if answer.minutes else voice.say("card.sign.window_unknown")
    first = messages[0].sent_at if messages else found.at
    yield voice.say(
        "answer.why.repeats",
        since=clock.time(first),
        until=Clock.on(voice, clock.zone, first).time(found.last_at),
        window=window,
        count=found.count,
        kind=say(voice.language, f"kind.{found.kind.value}"),
    )
    if answer.needed:
        yield voice.say("answer.why.rule", window=window, need=answer.needed)
    else:
        yield voice.say("answer.why.rule_gone")
    if found.kind is Kind.NEAR:
        yield voice.say("answer.why.near")
    if answer.lapsed:
        yield voice.say("answer.why.lapsed")


def _circumstances(found: Detection, voice: Voice) -> Iterable[str]:
    """Whether they waited for us, and what else bears on it."""
    target = int(voice.policy.response_target.total_seconds() // 60)
    key = {True: "waiting", False: "answered", None: "unknown"}[found.waiting]
    yield voice.say(f"answer.why.{key}", minutes=target)
    if found.outage_id is not None:
        yield voice.say("answer.why.outage")
    if found.found_later:
        yield voice.say("answer.why.later")
    if found.left_out:
        yield voice.say("answer.why.left_out", limit=voice.policy.max_contents, count=found.left_out)


def _detected_otherwise(answer: WhyShown, found: Detection, voice: Voice) -> Iterable[str]:
    target = int(voice.policy.response_target.total_seconds() // 60)
    if answer.needed:
        yield voice.say("answer.why.fewer", count=max(found.count - answer.needed + 1, 1))
        yield voice.say("answer.why.longer", need=answer.needed, window=_window(answer, voice))
    if found.waiting is not None:
        yield voice.say("answer.why.if_answered" if found.waiting else "answer.why.if_waited", minutes=target)


def _quote(message: Spoken, center: str | None, clock: Clock, voice: Voice, names: Mapping[str, str]) -> Quote:
    """With what it has of the message that all were compared with."""
    known = names.get(f"{message.platform}:{message.workspace}:{message.channel}", "")
    platform = message.platform if message.platform in ("slack", "discord", "email", "playground") else "other"
    place = clipped(clean(known), 30) or voice.say(f"card.place.{platform}")
    source = voice.say(
        "answer.why.message", at=clock.time(message.sent_at), place=voice.say("answer.why.place", place=place)
    )
    if message.text is None:
        return Quote("", voice.say("card.quote.gone", source=source), gone=True)
    text = clipped(message.text.strip(), QUOTED)
    return Quote(text, source, marks=matching(text, clipped(center.strip(), QUOTED)) if center else ())


def _habits(story: DetectionStory, voice: Voice) -> tuple[Section, ...]:
    lines = tuple(
        voice.say("answer.why.habit", days=habit.days, bursts=habit.bursts, distinct=habit.distinct_days)
        for habit in story.habits
    )
    return (Section(lines=lines),) if lines else ()


def edition_words(answer: WhyShown, voice: Voice) -> str:
    """By which edition it was decided, and whether that is today's."""
    same = answer.edition == answer.current_edition
    key = "other" if not same else "same" if answer.pack_hash in ("", voice.policy.hash) else "changed"
    return voice.say(f"answer.edition.{key}", edition=answer.edition, current=answer.current_edition)


def incident(answer: WhyShown, facts: IncidentFacts, voice: Voice, names: Mapping[str, str]) -> Card:
    """How it came about, what was counted at last, how far its word went and why, and what people found."""
    clock = Clock(voice, facts.zone)
    opened = voice.say(
        "answer.why.incident_once" if facts.opened_at == facts.last_sign_at else "answer.why.incident_opened",
        at=clock.time(facts.opened_at),
        until=Clock.on(voice, clock.zone, facts.opened_at).time(facts.last_sign_at),
        severity=voice.severity(facts.severity),
        what=what_words(facts, voice),
    )
    joins = voice.say("answer.why.incident_joins", hours=duration(voice.policy.report.join, voice))
    return Card(
        fitted(
            voice.customer(facts.customer, facts.customer_id),
            (lambda name: voice.say("answer.why.incident_title", id=str(facts.incident_id), customer=name),),
        ),
        Tone.CALM,
        (
            Section(
                lines=(opened, _reach(facts, voice), joins, *reminders(facts, voice), edition_words(answer, voice))
            ),
            *counted(answer, facts, voice, names),
            *signs_part(facts, clock, voice, quoted=False),
            *ending(answer.pings, clock, voice),
            *files_part(answer.files, voice),
            Section(voice.say("answer.why.verdict"), tuple(_verdict(answer, clock, voice))),
            Section(voice.say("answer.why.changed"), tuple(_decided_otherwise(answer, facts, voice))),
        ),
        _incident_buttons(answer, facts, voice),
        footer_of(facts, voice),
    )


def _reach(facts: IncidentFacts, voice: Voice) -> str:
    """How far its word went; whose word called people, where that can be seen from the signs shown."""
    if facts.reach is not Reach.PING:
        return voice.say(f"answer.why.reach_{facts.reach.value}")
    reported = any(sign.kind is SignKind.REPORT for sign in facts.signs)
    key = "_report" if reported else "" if facts.more or not facts.signs else "_detection"
    return voice.say(f"answer.why.reach_ping{key}")


def _verdict(answer: WhyShown, clock: Clock, voice: Voice) -> Iterable[str]:
    review = answer.review
    if review is None:
        yield voice.say("answer.why.verdict_none")
        return
    yield voice.say(
        "answer.why.verdict_is",
        at=clock.time(review.at),
        finding=finding_words(review.finding, voice),
        severity=voice.severity(review.severity),
        state=state_words(review.state, voice),
    )
    for points in answer.points:
        if points.taken_back_at is None:
            yield origin_words(points, voice)
        else:
            at = clock.time(points.taken_back_at)
            yield voice.say("answer.standing.back", id=str(points.incident_id), points=f"{points.points:g}", at=at)


def _decided_otherwise(answer: WhyShown, facts: IncidentFacts, voice: Voice) -> Iterable[str]:
    if facts.reach is not Reach.PING:
        yield voice.say("answer.why.if_report")
    yield voice.say("answer.why.verdict_changes" if answer.review else "answer.why.if_withdrawn")


def _incident_buttons(answer: WhyShown, facts: IncidentFacts, voice: Voice) -> tuple[Button, ...]:
    judge = () if answer.review else (button("verify", f"incident:{facts.incident_id}", voice),)
    return *judge, *detection_buttons(facts, voice)


def detection_buttons(facts: IncidentFacts, voice: Voice) -> tuple[Button, ...]:
    """To each of the latest detections by itself, the newest first."""
    found = [sign.ref for sign in reversed(facts.signs) if sign.kind is SignKind.DETECTION]
    return tuple(why_button("detection", ref, voice) for ref in [*dict.fromkeys(found)][:DETECTIONS])


def why_button(kind: str, id: int, voice: Voice) -> Button:
    """Leads on to what this rests on."""
    return Button("why", f"{kind}:{id}", voice.say(f"answer.button.why_{kind}", id=str(id)))
