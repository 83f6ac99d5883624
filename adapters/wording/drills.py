"""Practice calls in words: marked as practice everywhere, and who saw it how fast (issue 4)."""

from adapters.wording.buttons import button
from adapters.wording.card import Card, Field, Section, Style, Tone
from adapters.wording.clean import clean, clipped
from adapters.wording.people import people, person
from adapters.wording.times import Clock
from adapters.wording.titles import TITLE
from adapters.wording.voice import NAME, Voice
from bot.domain.notices import DrillAnswered, DrillBegun, DrillCalled, DrillEnded


def called(notice: DrillCalled, voice: Voice) -> Card:
    """What to do now, and that nothing has happened."""
    clock = Clock.on(voice, notice.zone, notice.at)
    fields = [Field(voice.say("card.drill.until"), clock.time(notice.until))]
    if notice.called:
        fields.insert(0, Field(voice.say("card.ping.called"), people(notice.called, voice)))
    return Card(
        voice.say("card.drill.title"),
        Tone.NOTICE,
        (Section(lines=(voice.say("card.drill.do"),), fields=tuple(fields)),),
        (button("seen", f"drill:{notice.drill_id}", voice, Style.PRIMARY),),
        _footer("card.drill.footer", notice.team, voice),
    )


def ended(notice: DrillEnded, voice: Voice) -> Card:
    """Who saw it after how many seconds; nobody: what to look at."""
    at = Clock.on(voice, notice.zone, notice.at).time(notice.at)
    names = people(notice.called, voice) or voice.say("answer.why.nobody")
    name = person(notice.by, voice)
    key = "seen" if notice.by else "unseen"
    lines = [voice.say(f"card.drill.{key}", name=name, names=names, at=at, seconds=notice.seconds)]
    if not notice.by:
        lines.append(voice.say("card.drill.unseen_do"))
    return Card(
        clipped(voice.say(f"card.drill.title_{key}", name=clipped(name, NAME)), TITLE),
        Tone.GOOD if notice.by else Tone.WARNING,
        (Section(lines=tuple(lines)),),
        footer=_footer("card.drill.footer", notice.team, voice),
    )


def begun(answer: DrillBegun, voice: Voice, zone: str) -> Card:
    """To whoever asked for it: who was called, and until when it waits."""
    names = people(answer.called, voice) or voice.say("answer.why.nobody")
    lines = [voice.say("answer.drill.called", names=names)]
    if answer.nobody_on_call:
        lines.append(voice.say("answer.drill.instead"))
    at = Clock(voice, answer.zone or zone).time(answer.until)
    lines.append(voice.say("answer.drill.told", at=at))
    footer = _footer("card.drill.footer", answer.team, voice)
    return Card(voice.say("answer.drill.title"), Tone.GOOD, (Section(lines=tuple(lines)),), footer=footer)


def answered(answer: DrillAnswered, voice: Voice) -> Card:
    """To whoever pressed that they saw it."""
    key = "first" if answer.first else "other" if answer.by else "over"
    line = voice.say(f"answer.drill.{key}", name=person(answer.by, voice), seconds=answer.seconds)
    title = voice.say("answer.drill.title_first" if answer.first else "answer.drill.title_over")
    return Card(title, Tone.GOOD if answer.first else Tone.CALM, (Section(lines=(line,)),))


def _footer(key: str, team: str, voice: Voice) -> str:
    return voice.say(key, team=clipped(clean(team).strip(), NAME))
