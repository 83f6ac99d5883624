"""A refusal: why not, who may, and what to do instead; and the bare answer that something was done."""

from typing import Final

from adapters.wording.card import Card, Section, Tone
from adapters.wording.voice import Voice
from bot.domain.notices import Applied, Denied

REASONS: Final = frozenset({
    "outsider", "person", "role", "team", "not_yours", "withdraw_late", "involved", "nothing_to_second",
    "own_verdict", "lead_only", "stand_in", "for_others",
})  # fmt: skip
"""Every reason of bot.domain.access."""


def denied(answer: Denied, voice: Voice) -> Card:
    """Polite, and never without a way on."""
    reason = answer.reason if answer.reason in REASONS else "other"
    minutes = int(voice.policy.report.withdraw.total_seconds() // 60)
    lines = tuple(voice.say(f"answer.denied.{key}", minutes=minutes) for key in (reason, f"{reason}_do"))
    title, footer = voice.say("answer.denied.title"), voice.say("answer.denied.footer")
    return Card(title, Tone.NOTICE, (Section(lines=lines),), footer=footer)


def applied(answer: Applied, voice: Voice) -> Card:
    """What was changed, as far as a person needs to know."""
    if answer.subject == "outage":
        lines = [voice.say("answer.done.outage" if answer.changed else "answer.done.outage_none")]
    else:
        lines = [voice.say("answer.done.applied" if answer.changed else "answer.done.nothing")]
    if answer.detections:
        lines.append(voice.say("answer.done.detections", count=answer.detections))
    return Card(voice.say("answer.done.title"), Tone.GOOD, (Section(lines=tuple(lines)),))


def done(voice: Voice) -> Card:
    """For what needs no words of its own."""
    return Card(voice.say("answer.done.title"), Tone.CALM)
