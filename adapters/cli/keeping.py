"""migrate, keys, audit, redact, outage, forget."""

import argparse
import asyncio
import sys

from rich.console import Console

from adapters import settings, wiring
from adapters.cli.parser import actor
from adapters.cli.people import tell_made_key
from adapters.wording import say
from bot.domain.errors import Refused
from bot.domain.events import Event, MessageRedacted, OutageEnded, RetentionDue
from bot.domain.model import Platform
from bot.domain.notices import Applied, Forgot, Notice


def _submit(event: Event, language: str) -> Notice:
    async def work() -> Notice:
        async with wiring.house(settings.read()) as house:
            tell_made_key(house, language)
            return await house.intake.submit(event)

    return asyncio.run(work())


def migrate(args: argparse.Namespace, language: str) -> int:
    """Bring the database to this version."""
    before, now = wiring.migrate(settings.read())
    key = "migrate.already" if before == now else "migrate.done"
    Console().print(say(language, key, before=before or "—", now=now))
    return 0


def keys_new(args: argparse.Namespace, language: str) -> int:
    """Print a fresh key on standard output and what to do with it on standard error."""
    sys.stdout.write(wiring.fresh_key() + "\n")
    sys.stderr.write(say(language, "keys.new") + "\n")
    return 0


def keys_status(args: argparse.Namespace, language: str) -> int:
    """Which keys the stored texts are sealed with; exit status 1 while some are not sealed with the first."""
    state = wiring.seals(settings.read())
    console = Console()
    console.print(say(language, "keys.active", id=state.active))
    for id, values in sorted(state.values.items()):
        console.print(say(language, "keys.values", id=id, count=values))
    behind = any(id != state.active for id in state.values)
    console.print(say(language, "keys.behind" if behind else "keys.good"))
    return 1 if behind else 0


def keys_reseal(args: argparse.Namespace, language: str) -> int:
    """Seal everything with the first key."""
    console = Console(stderr=True)
    with console.status(say(language, "keys.resealing")) as status:
        done = wiring.reseal(settings.read(), lambda n: status.update(f"{say(language, 'keys.resealing')} {n}"))
    Console().print(say(language, "keys.resealed", count=done.values))
    return 0


def audit_verify(args: argparse.Namespace, language: str) -> int:
    """Check the whole chain; exit status 1 and the first broken entry if it does not hold."""
    state = wiring.audit_state(settings.read())
    if state.broken_at is None:
        Console().print(say(language, "audit.whole", count=state.entries))
        return 0
    Console().print(say(language, "audit.broken", seq=state.broken_at, count=state.entries))
    return 1


def redact(args: argparse.Namespace, language: str) -> int:
    """Empty the text of one message at once."""
    parts = args.message.split(":", 3)
    if len(parts) != 4 or parts[0] not in list(Platform):
        raise Refused("redact.form")
    platform, workspace, channel, message = parts
    _submit(
        MessageRedacted(
            platform=Platform(platform),
            workspace=workspace,
            channel=channel,
            message_id=message,
            actor=actor(),
            reason=args.reason,
        ),
        language,
    )
    Console().print(say(language, "redact.done"))
    return 0


def outage_end(args: argparse.Namespace, language: str) -> int:
    """End every outage that goes on."""
    done = _submit(OutageEnded(actor=actor()), language)
    count = len(done.changed) if isinstance(done, Applied) else 0
    Console().print(say(language, "outage.ended", count=count))
    return 0


def forget(args: argparse.Namespace, language: str) -> int:
    """One run of forgetting, now."""
    done = _submit(RetentionDue(), language)
    if isinstance(done, Forgot):
        Console().print(say(language, "forget.done", texts=done.texts, rows=done.rows, names=done.names))
    return 0
