"""run, replay, evaluate, policy check."""

import argparse
import asyncio
import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from importlib import resources
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from adapters import evaluate as evaluation
from adapters import pack, settings, team, wiring
from adapters.cli.checking import findings
from adapters.cli.people import tell_made_key
from adapters.imports.export import open_export
from adapters.replay import Options, Replayed
from adapters.replay import replay as feed_replay
from adapters.replay.feed import identity_of
from adapters.replay.lines import check_writable, write_lines
from adapters.replay.report import print_report
from adapters.replay.watch import FollowingClock, Pretend
from adapters.wording import fault, say
from bot.domain.policy import Policy

SKIPPED = 3


@contextmanager
def _progress(console: Console, what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal; elsewhere a line at every tenth, so that a log shows that work goes on."""
    if not console.is_terminal:
        step = max(total // 10, 1)
        yield lambda done: console.print(f"{what} {done}/{total}") if done % step == 0 and total > 999 else None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


def run(args: argparse.Namespace, language: str) -> int:
    """The chats that have a token; without one the playground. `--replay`: the bundled sample, and no chat."""
    given = settings.read()
    console = Console()
    if not args.replay:
        if given.slack_bot_token or given.discord_bot_token:
            return asyncio.run(_serve(given, console, language))
        console.print(Text(say(language, "run.no_tokens")), soft_wrap=True)
        return _plays(replace(given, language=language), None, console)
    console.print(say(language, "run.sample"))
    console.print()
    with resources.as_file(resources.files("adapters").joinpath("samples")) as sample:
        return _replay(sample / "slack", Options(teams=team.load(sample / "team.toml")), None, None, language)


def playground(args: argparse.Namespace, language: str) -> int:
    """kasuhara playground: a local page that is a chat; `--db` keeps what was written."""
    given = replace(settings.read(), language=language)
    if args.port is not None:
        given = replace(given, playground_port=args.port)
    if args.db is not None:
        check_writable(args.db)
    return _plays(given, args.db, Console())


def _plays(given: settings.Settings, db: Path | None, console: Console) -> int:
    return asyncio.run(_playing(given, db, console))


async def _playing(given: settings.Settings, db: Path | None, console: Console) -> int:
    """Until somebody stops it."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with wiring.playground(given, db) as url:
        console.print(Text(say(given.language, "playground.cli.ready", url=url)), soft_wrap=True)
        key = "kept" if db else "not_kept"
        console.print(Text(say(given.language, f"playground.cli.{key}", file=db)), soft_wrap=True)
        await stop.wait()
    console.print(say(given.language, "run.stopped" if db else "playground.cli.stopped"))
    return 0


async def _serve(given: settings.Settings, console: Console, language: str) -> int:
    """Until somebody stops it (Ctrl-C, SIGTERM); what was taken in is finished first."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with wiring.on_chats(given, examine=partial(findings, given)) as ports:
        for platform, port in ports.items():
            mode = f"{given.slack_mode} {given.slack_http_host}:{port}" if port else given.slack_mode
            key = platform if port is not None else f"{platform}_waits"
            console.print(say(language, f"run.{key}", mode=mode))
        console.print(say(language, "run.stop"))
        await stop.wait()
    console.print(say(language, "run.stopped"))
    return 0


def replay(args: argparse.Namespace, language: str) -> int:
    """kasuhara replay EXPORT; see rules.md 9."""
    staff = tuple(part.strip() for part in args.staff.split(",") if part.strip())
    teams = team.load(args.team) if args.team else ()
    return _replay(args.export, Options(args.customers, staff, teams, args.ack), args.db, args.json, language)


def _replay(path: Path, options: Options, db: Path | None, lines: Path | None, language: str) -> int:
    for out in (lines, db):
        if out is not None:
            check_writable(out)
    policy = pack.load(settings.read().policy)
    policy = replace(policy, ping=replace(policy.ping, again=None))  # nobody would ever answer; once is told
    pretend = Pretend(_pretend_names(language), policy.calendar.zone, say(language, "replay.pretend_team"))
    console = Console()
    with console.status(say(language, "replay.opening")):
        export = open_export(path)

    async def work() -> Replayed:
        clock = FollowingClock()
        with _progress(console, say(language, "replay.reading"), export.messages + export.deletions) as progress:
            async with wiring.throw_away(policy, clock, db, identity_of(export, options, policy)) as house:
                tell_made_key(house, language)
                return await feed_replay(export, house.intake, clock, options, pretend, progress)

    result = asyncio.run(work())
    print_report(console, export, result, policy, language)
    if lines is not None:
        write_lines(lines, result, export.channels)
    return SKIPPED if result.skipped else 0


def _pretend_names(language: str) -> tuple[str, str, str]:
    first, second, lead = (say(language, f"replay.{key}") for key in ("pretend_1", "pretend_2", "pretend_lead"))
    return first, second, lead


def evaluate_repeats(args: argparse.Namespace, language: str) -> int:
    """Write one prediction a timeline, made by the production door."""
    check_writable(args.out)
    timelines = evaluation.read_timelines(args.file)
    policy: Policy = pack.load(settings.read().policy)
    console = Console(stderr=True)

    async def work() -> list[dict[str, object]]:
        clock = FollowingClock()
        with _progress(console, say(language, "evaluate.reading"), len(timelines)) as progress:
            async with wiring.throw_away(policy, clock) as house:
                return await evaluation.predict(timelines, house.intake, clock, progress)

    predictions = asyncio.run(work())
    args.out.write_text("".join(json.dumps(p, ensure_ascii=False) + "\n" for p in predictions), "utf-8")
    console.print(say(language, "evaluate.done", count=len(predictions), out=args.out))
    return 0


def policy_check(args: argparse.Namespace, language: str) -> int:
    """Every mistake of a pack with file and line, or its edition and hash."""
    path = args.path or settings.read().policy
    console = Console(stderr=True)
    faults = pack.check(path)
    for mistake in faults:
        console.out(fault(language, mistake))
    if faults:
        console.print(say(language, "policy.faults", count=len(faults)))
        return 2
    policy = pack.load(path)
    hash = policy.hash[:16]
    Console().print(say(language, "policy.good", edition=policy.edition, hash=hash, categories=len(policy.categories)))
    return 0
