"""What would have happened: pings with their calls, standings, the last digest with its picture."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from adapters.charts import ChartFailed, draw
from adapters.charts.telling import chart_of
from adapters.wording import card_of, say, text_of
from adapters.wording.clean import clean
from adapters.wording.digest import change_words
from adapters.wording.standing import habit_words, points_words
from adapters.wording.voice import Voice
from bot.domain.model import CustomerLine, Notification, PingState
from bot.domain.notices import DigestReady
from bot.domain.policy import Policy
from bot.domain.questions import PingStory, RecordShown

SPELLED = 20
"""Pings and customers told one by one; the rest is counted."""


def print_outcome(console: Console, record: RecordShown, policy: Policy, language: str) -> None:
    """Nothing here was sent to anybody, and nothing was judged."""
    voice = Voice(language, policy)
    _pings(console, record.pings, voice)
    _standings(console, record, policy, voice)
    _digest(console, record, policy, voice)


def _pings(console: Console, stories: tuple[PingStory, ...], voice: Voice) -> None:
    if not stories:
        return
    console.print(Rule(voice.say("replay.pings", count=len(stories)), style="bold"))
    for story in stories[:SPELLED]:
        console.print()
        for line in _ping(story, voice):
            console.print(line)
    if len(stories) > SPELLED:
        console.print(voice.say("replay.more", count=len(stories) - SPELLED))


def _ping(story: PingStory, voice: Voice) -> list[Padding | Text]:
    ping = story.ping
    head = Text(clean(ping.incident.customer), style="bold cyan")
    head.append("  " + voice.say("replay.ping_head", severity=voice.severity(ping.severity)), style="dim")
    told = sorted(_told(story, voice), key=lambda line: line[0])
    return [head, *(Padding(Text(words), (0, 0, 0, 2)) for _, words in told)]


def _told(story: PingStory, voice: Voice) -> Iterator[tuple[datetime, str]]:
    """Calls, the last answer and the end, each with its moment."""
    ping, zone = story.ping, ZoneInfo(story.ping.incident.zone)
    round = 1
    for at, group in groupby(story.calls, key=lambda call: call[1].at):
        calls = list(group)
        words = _call(calls, _clock(at, zone), voice)
        if calls[0][1].round > round:
            round = calls[0][1].round
            words = voice.say("replay.ping_round", number=round, call=words)
        yield at, words
    if ping.acked_at is not None:
        when = _clock(ping.acked_at, zone)
        yield ping.acked_at, voice.say("replay.ping_acked", at=when, name=clean(ping.acked_by))
    if ping.resolved_at is not None and ping.outcome is not None:
        outcome = voice.say(f"replay.ping_{ping.outcome.value}", at=_clock(ping.resolved_at, zone))
        yield ping.resolved_at, outcome
    elif ping.state is PingState.EXHAUSTED:
        yield story.calls[-1][1].at, voice.say("replay.ping_exhausted")
    elif ping.state is PingState.TRIGGERED:
        yield story.calls[-1][1].at, voice.say("replay.ping_waits")


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _call(calls: list[tuple[str, Notification]], at: str, voice: Voice) -> str:
    names = voice.listed(clean(name) for name, _ in calls if name) or voice.say("replay.ping_channel")
    first = calls[0][1]
    if first.asked:
        return voice.say("replay.ping_asked", at=at, names=names)
    if first.step >= len(voice.policy.ping.steps):
        return voice.say("replay.ping_leads", at=at, names=names)
    return voice.say("replay.ping_call", at=at, names=names, step=first.step + 1)


def _standings(console: Console, record: RecordShown, policy: Policy, voice: Voice) -> None:
    """Nobody judged anything, so nobody has points; what a team would see if people confirmed it all."""
    if not record.supposed:
        return
    console.print(Rule(voice.say("replay.standings"), style="bold"))
    console.print(Padding(voice.say("replay.supposed"), (0, 0, 1, 0)))
    for line in record.supposed[:SPELLED]:
        console.print(Text(clean(line.name), style="bold cyan"))
        for words in _supposed(line, voice):
            console.print(Padding(Text(words), (0, 0, 0, 2)))
    if len(record.supposed) > SPELLED:
        console.print(voice.say("replay.more", count=len(record.supposed) - SPELLED))
    _picture(console, record, policy, voice)


def _supposed(line: CustomerLine, voice: Voice) -> list[str]:
    return [points_words(line.standing, voice), change_words(line, voice), habit_words(line.standing, voice)]


def _picture(console: Console, record: RecordShown, policy: Policy, voice: Voice) -> None:
    digest = record.digests[-1]
    title = say(voice.language, "chart.supposed", team=clean(digest.team))
    try:
        png = draw(chart_of(record.supposed, title, digest.week, policy, voice.language))
    except ChartFailed as failed:
        console.print(voice.say("replay.no_chart", error=str(failed)), style="yellow")
        return
    with tempfile.NamedTemporaryFile(prefix="kasuhara-", suffix=".png", delete=False) as file:
        file.write(png)
    console.print(Text(voice.say("replay.chart", file=Path(file.name)), style="dim"))


def _digest(console: Console, record: RecordShown, policy: Policy, voice: Voice) -> None:
    for digest in record.digests:
        if digest.incidents or digest.detections or len(record.digests) == 1:
            console.print(Rule(voice.say("replay.digest", team=clean(digest.team)), style="bold"))
            card = card_of(DigestReady(digest), voice.language, policy, {})
            console.print(Text(text_of(card, min(console.width, 100))))
