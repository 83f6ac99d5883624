"""What a reporter is told: comfort first, then who was called, then what could be added (rules.md 5, S1-4, S4-8)."""

from typing import Final

from adapters.wording.card import Button, Card, Field, Section, Tone
from adapters.wording.clean import clipped
from adapters.wording.people import labelled, people
from adapters.wording.times import Clock
from adapters.wording.titles import TITLE
from adapters.wording.voice import Voice
from bot.domain.model import ReportKind, Severity
from bot.domain.notices import ReportRecorded, ReportTakenBack

HELPFUL: Final = ("group", "severity", "burden", "quote")
"""What may be missing and is asked for kindly; an unknown customer is asked for by itself."""


def recorded(answer: ReportRecorded, voice: Voice, zone: str) -> Card:
    """The first lines comfort and say what happens now; times are those of `zone`, the reporter's."""
    promise = (voice.say("answer.report.promise"), voice.say("answer.report.private"))
    return Card(
        _title(answer, voice),
        Tone.CALM,
        (
            Section(lines=_now(answer, voice)),
            Section(lines=promise),
            Section(voice.say("answer.report.heading"), fields=_fields(answer, voice)),
            *((Section(lines=later),) if (later := _later(answer, voice, zone)) else ()),
        ),
        _buttons(answer, voice),
        voice.say("answer.report.footer", id=str(answer.report_id)),
    )


def _buttons(answer: ReportRecorded, voice: Voice) -> tuple[Button, ...]:
    """More can be said at any time; what is said later may come too late to be withdrawn."""
    actions = ("detail",) if answer.detailed else ("detail", "withdraw")
    subject = f"report:{answer.report_id}"
    return tuple(Button(action, subject, voice.say(f"answer.button.{action}")) for action in actions)


def taken_back(answer: ReportTakenBack, voice: Voice) -> Card:
    how = "back_lapsed" if answer.incident_lapsed else "back_goes_on"
    lines = (
        voice.say("answer.report.back", id=str(answer.report_id)),
        voice.say(f"answer.report.{how}", id=str(answer.incident_id)),
        voice.say("answer.report.back_again"),
    )
    return Card(voice.say("answer.report.back_title"), Tone.CALM, (Section(lines=lines),))


def _title(answer: ReportRecorded, voice: Voice) -> str:
    if answer.again:
        return voice.say("answer.report.title_again")
    if answer.detailed:
        return voice.say("answer.report.title_detailed")
    if _urgent(answer) and answer.called and not answer.joined:
        title = voice.say("answer.report.title_now_called", names=people(answer.called[:3], voice))
        if len(title) <= TITLE and len(answer.called) <= 3:
            return title
    return clipped(voice.say(f"answer.report.title_{answer.kind.value}"), TITLE)


def _now(answer: ReportRecorded, voice: Voice) -> tuple[str, ...]:
    """That it is safe and who was called; in the middle of it who comes stands first, then that one may stop."""
    opening = "again" if answer.again else "detailed" if answer.detailed else "thanks"
    safe = [voice.say(f"answer.report.{opening}")]
    if answer.joined and not answer.again:
        safe.append(voice.say("answer.report.joined", id=str(answer.incident_id)))
    who = _who(answer, voice)
    if not _urgent(answer):
        return *safe, who
    return who, voice.say("answer.report.danger"), voice.say("answer.report.break_off"), *safe


def _urgent(answer: ReportRecorded) -> bool:
    return answer.kind is ReportKind.NOW or answer.severity is Severity.CRITICAL


def _who(answer: ReportRecorded, voice: Voice) -> str:
    """Who was called now or before, or who is called instead of nobody."""
    if answer.ping_id is None:
        return voice.say("answer.report.not_called")
    if not answer.reached:
        return voice.say("answer.report.unreached")
    if not answer.called:
        return voice.say("answer.report.channel_nobody" if answer.nobody_on_call else "answer.report.channel")
    who = "nobody" if answer.nobody_on_call else "called"
    known = "_known" if answer.again or answer.joined or answer.detailed else ""
    return voice.say(f"answer.report.{who}{known}", names=people(answer.called, voice))


def _later(answer: ReportRecorded, voice: Voice, zone: str) -> tuple[str, ...]:
    lines = []
    if "customer" in answer.missing:
        lines.append(voice.say("answer.report.whose"))
    missing = [voice.say(f"answer.report.missing_{key}") for key in answer.missing if key in HELPFUL]
    if missing:
        lines.append(voice.say("answer.report.helpful", missing=voice.listed(missing)))
    if answer.detailed:
        return tuple(lines)
    filed = answer.withdraw_until - voice.policy.report.withdraw
    until = Clock.on(voice, zone, filed).time(answer.withdraw_until)
    return *lines, voice.say("answer.report.until", until=until)


def _fields(answer: ReportRecorded, voice: Voice) -> tuple[Field, ...]:
    """What was understood, so that a slip is seen at once."""
    said = {
        "customer": "" if "customer" in answer.missing else labelled(answer.customer, voice),
        "kind": voice.group(answer.group),
        "severity": voice.severity(answer.severity),
        "medium": voice.say(f"answer.medium.{answer.medium.value}") if answer.medium else "",
        "incident": voice.say("answer.report.incident_id", id=str(answer.incident_id)),
    }
    return tuple(Field(voice.say(f"answer.report.{key}"), value) for key, value in said.items() if value)
