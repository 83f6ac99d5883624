"""A replay as a person reads it: per customer what was noticed, when, in which window, why, side by side."""

from collections import Counter
from itertools import groupby
from zoneinfo import ZoneInfo

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from adapters.imports.export import Export, Skipped
from adapters.replay.feed import Replayed
from adapters.replay.outcome import print_outcome
from adapters.wording import say
from adapters.wording.clean import clean
from adapters.wording.matching import matching
from adapters.wording.times import window_words
from bot.domain.model import Kind, Spoken
from bot.domain.policy import Policy, Window
from bot.domain.questions import DetectionStory

SHOWN = 8
"""Messages printed of one burst; of a longer one the first and the last."""
WIDEST = 400
"""Characters printed of one message."""


def print_report(console: Console, export: Export, result: Replayed, policy: Policy, language: str) -> None:
    """Everything that a replay found, and what it could not read."""
    stories = sorted(result.shown.stories, key=lambda s: (s.customer.id, s.detection.at))
    waited = [s for s in stories if s.detection.waiting]
    noticed = [s for s in stories if not s.detection.waiting]
    for heading, part in (("replay.noticed", noticed), ("replay.waited", waited)):
        if part:
            console.print(Rule(say(language, heading, count=len(part)), style="bold"))
        for _, group in groupby(part, key=lambda s: s.customer.id):
            _customer(console, list(group), export, policy, language)
    if not stories:
        console.print(Padding(say(language, "replay.quiet"), (1, 0)))
    for outage in result.shown.outages:
        console.print(say(language, "replay.outage", customers=outage.customers, at=f"{outage.at:%Y-%m-%d %H:%M} UTC"))
    print_outcome(console, result.record, policy, language)
    _summary(console, export, result, language)
    _skipped(console, result.skipped, language)


def _customer(console: Console, stories: list[DetectionStory], export: Export, policy: Policy, language: str) -> None:
    customer = stories[0].customer
    head = Text(clean(customer.label), style="bold cyan")
    if customer.name and customer.contacts:
        head.append("  " + ", ".join(clean(contact) for contact in customer.contacts[:3]), style="dim")
    console.print()
    console.print(head)
    for story in stories:
        console.print(Padding(Group(*_story(story, export, policy, language)), (0, 0, 1, 2)))


def _story(story: DetectionStory, export: Export, policy: Policy, language: str) -> list[RenderableType]:
    found = story.detection
    zone = ZoneInfo(story.customer.zone or found.zone)
    window = next((w for w in policy.windows if w.name == found.window), policy.windows[0])
    lines: list[RenderableType] = [
        Text(
            say(
                language,
                "replay.detection",
                at=f"{found.at.astimezone(zone):%Y-%m-%d %H:%M:%S} {zone.key}",
                window=window_words(window, language),
                count=found.count,
                kind=say(language, f"kind.{found.kind.value}"),
            ),
            style="yellow" if found.waiting else "bold red",
        ),
        Text(_why(story, window, policy, language), style="dim"),
        _messages(story.messages, found.center, export, zone, language),
    ]
    return lines


def _why(story: DetectionStory, window: Window, policy: Policy, language: str) -> str:
    found = story.detection
    parts = [
        say(language, "replay.rule", window=window_words(window, language), need=window.count, edition=found.edition)
    ]
    if found.kind is Kind.NEAR:
        parts.append(say(language, "replay.near"))
    if found.waiting:
        minutes = int(policy.response_target.total_seconds() // 60)
        parts.append(say(language, "replay.waiting", minutes=minutes))
    for flag, key in ((found.outage_id, "outage_member"), (found.found_later, "found_later")):
        if flag:
            parts.append(say(language, f"replay.{key}"))
    if found.left_out:
        parts.append(say(language, "replay.left_out", count=found.left_out, limit=policy.max_contents))
    for habit in story.habits:
        parts.append(say(language, "replay.habit", days=habit.days, bursts=habit.bursts, distinct=habit.distinct_days))
    return " ".join(parts)


def _messages(messages: tuple[Spoken, ...], center: int, export: Export, zone: ZoneInfo, language: str) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 1))
    table.add_column(no_wrap=True, style="dim", justify="right")
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, style="blue", max_width=24, overflow="ellipsis")
    table.add_column(overflow="fold", ratio=1)
    model = next((m.text for m in messages if m.id == center), None)
    half = SHOWN // 2
    for number, message in enumerate(messages, start=1):
        if len(messages) > SHOWN and half < number <= len(messages) - half:
            if number == half + 1:
                table.add_row("", "", "", Text(say(language, "replay.more", count=len(messages) - SHOWN), style="dim"))
            continue
        channel = export.channels.get(f"{message.platform}:{message.workspace}:{message.channel}", message.channel)
        at = f"{message.sent_at.astimezone(zone):%m-%d %H:%M:%S}"
        table.add_row(str(number), at, Text(f"#{clean(channel)}"), _quoted(message.text, model, language))
    return table


def _quoted(text: str | None, model: str | None, language: str) -> Text:
    """The message, with what differs from the one that all were compared with in bold."""
    if text is None:
        return Text(say(language, "replay.forgotten"), style="dim italic")
    shown = clean(text)[:WIDEST]
    quoted = Text(shown + ("…" if len(text) > WIDEST else ""))
    if model is not None and model != text:
        known = matching(shown, clean(model)[:WIDEST])
        for start, end in zip((0, *(to for _, to in known)), (*(at for at, _ in known), len(shown)), strict=True):
            quoted.stylize("bold magenta", start, end)
    return quoted


def _summary(console: Console, export: Export, result: Replayed, language: str) -> None:
    ignored = ", ".join(f"{say(language, f'ignored.{key}')} {count}" for key, count in export.ignored.items()) or "0"
    rate = int(export.messages / result.seconds) if result.seconds else 0
    facts = {
        "messages": export.messages,
        "files": export.files,
        "records": export.records,
        "ignored": ignored,
        "skipped": len(result.skipped),
        "detections": len(result.shown.stories),
        "customers": result.customers,
        "quiet": result.quiet,
        "seconds": f"{result.seconds:.1f}",
        "rate": rate,
        "memory": int(result.peak_mib),
    }
    console.print(Rule(style="dim"))
    for key in ("read", "found", "cost"):
        console.print(Text(say(language, f"replay.{key}", **facts)))
    if result.resumed_at is not None:
        console.print(Text(say(language, "replay.resumed", at=f"{result.resumed_at:%Y-%m-%d %H:%M:%S} UTC")))
    if not result.knows_staff:
        console.print(Text(say(language, "replay.no_staff"), style="yellow"))


def _skipped(console: Console, skipped: tuple[Skipped, ...], language: str) -> None:
    told: Counter[tuple[str, str]] = Counter()
    for fault in skipped:
        told[fault.file, fault.key] += 1
        if told[fault.file, fault.key] > SHOWN:
            continue
        where = clean(f"{fault.file} {fault.record}".strip())
        reason = say(language, f"skipped.{fault.key}", **dict(fault.fields))
        console.print(Text(say(language, "replay.skipped", where=where, reason=reason), style="yellow"))
    for (file, _), count in told.items():
        if count > SHOWN:
            console.print(Text(say(language, "replay.skipped_more", where=clean(file), count=count - SHOWN)))
