"""Everything that one person is answered becomes a card here, in that person's language."""

from collections.abc import Mapping

from adapters.wording import acknowledged, customers, drills, duty, reasons, refusals, reports, rounds, verdicts
from adapters.wording.card import Card
from adapters.wording.digest import digest_card
from adapters.wording.voice import Voice
from bot.domain.notices import (
    Applied,
    Denied,
    DigestWritten,
    DrillAnswered,
    DrillBegun,
    ModeChanged,
    OverrideRecorded,
    PingAnswered,
    Recorded,
    ReportRecorded,
    ReportTakenBack,
    VerdictRecorded,
)
from bot.domain.policy import Policy
from bot.domain.questions import (
    DigestShown,
    DutyAnswer,
    NextShown,
    OnCallShown,
    ReviewShown,
    StandingShown,
    StatusShown,
    WhyShown,
)


def answer_card(
    answer: Recorded | DutyAnswer,
    language: str,
    policy: Policy,
    names: Mapping[str, str] | None = None,
    zone: str = "",
) -> Card:
    """The card of an answer in `language` (ja, en), for the one person who asked or acted.

    `names` shows accounts and channels (`platform:workspace:id`) as the platform does, such as a mention. `zone` is the
    reader's, an IANA name, for the few answers that carry none; "" is the policy's. What needs no words (Received,
    Forgot, StepsTaken, DueShown, RecordShown) becomes a bare "done".
    """
    voice, known, zone = Voice(language, policy), names or {}, zone or policy.calendar.zone
    if isinstance(answer, Recorded):
        return _recorded(answer, voice, known, zone)
    match answer:
        case OnCallShown():
            return duty.on_call(answer, voice, zone)
        case StandingShown():
            return customers.shown(answer, voice)
        case StatusShown():
            return duty.status(answer, voice)
        case DigestShown():
            return digest_card(answer.digest, voice)
        case ReviewShown():
            return verdicts.to_judge(answer, voice, known)
        case WhyShown():
            return _why(answer, voice, known)
        case NextShown():
            return duty.following(answer, voice)
    return refusals.done(voice)


def _recorded(answer: Recorded, voice: Voice, names: Mapping[str, str], zone: str) -> Card:
    match answer:
        case ReportRecorded():
            return reports.recorded(answer, voice, zone)
        case ReportTakenBack():
            return reports.taken_back(answer, voice)
        case PingAnswered():
            return acknowledged.answered(answer, voice, names, zone)
        case VerdictRecorded():
            return verdicts.recorded(answer, voice)
        case OverrideRecorded():
            return duty.stood_in(answer, voice, zone)
        case ModeChanged():
            return duty.mode(answer, voice)
        case DrillBegun():
            return drills.begun(answer, voice, zone)
        case DrillAnswered():
            return drills.answered(answer, voice)
        case DigestWritten():
            return duty.written(answer, voice)
        case Denied():
            return refusals.denied(answer, voice)
        case Applied():
            return refusals.applied(answer, voice)
    return refusals.done(voice)


def _why(answer: WhyShown, voice: Voice, names: Mapping[str, str]) -> Card:
    """By what the answer is filled with: a customer, a ping, an incident, a detection by itself."""
    if answer.customer is not None and answer.standing is not None and answer.end is not None:
        return customers.why(answer.customer, answer.standing, answer.end, answer.points, answer.edition, voice)
    if answer.incident is not None:
        if answer.ping is not None:
            return rounds.ping(answer, answer.ping, answer.incident, voice, names)
        return reasons.incident(answer, answer.incident, voice, names)
    if answer.detection is not None:
        return reasons.detection(answer, answer.detection, voice, names)
    return refusals.done(voice)
