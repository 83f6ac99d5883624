"""doctor, slack manifest."""

import argparse
import asyncio
import sys

from rich.console import Console
from rich.text import Text

from adapters import doctor, settings, wiring
from adapters.cli import explained
from adapters.doctor import Household, Remark
from adapters.settings import Settings
from adapters.wording import fault, say
from bot.domain.errors import BadInput, KasuharaError


def run(args: argparse.Namespace, language: str) -> int:
    """kasuhara doctor: every finding; exit status 0 nothing, 3 warnings, 1 errors."""
    given = settings.read()
    console = Console()
    with console.status(say(language, "doctor.looking")):
        remarks = asyncio.run(_examined(given, language))
    for grade in doctor.Grade:
        for remark in remarks:
            if remark.grade is grade:
                console.print(Text(doctor.told(remark, language)), soft_wrap=True)
    console.print(Text(doctor.summary(remarks, language)))
    return doctor.status(remarks)


async def _examined(given: Settings, language: str) -> list[Remark]:
    """The house first; what it cannot tell does not stop the questions to the platforms."""
    remarks: list[Remark] = []
    household, policy = Household(), None
    try:
        async with wiring.house(given) as house:
            if house.made_key is not None:
                remarks.append(doctor.hint("key_made", file=str(house.made_key)))
            policy = house.policy
            now = wiring.system_clock()
            household = await house.intake.write(lambda uow: doctor.gathered(uow, now))
            remarks += doctor.household_remarks(household, now)
    except BadInput as mistakes:
        remarks += [doctor.error("policy", detail=fault(language, mistake)) for mistake in mistakes.faults]
    except KasuharaError as broken:
        remarks.append(doctor.error("house", detail=explained(broken, language)))
    if given.hook_url:
        from adapters.hook import fault as hook_fault  # nor does a look without a phone service for its HTTP client

        remarks += [doctor.error(f"hook_{wrong}") for wrong in [hook_fault(given.hook_url, given.hook_secret)] if wrong]
    if not given.slack_bot_token and not given.discord_bot_token:
        return [*remarks, doctor.hint("no_slack")]
    if given.slack_bot_token:
        from adapters.doctor.workspace import slack_remarks  # a look without Slack does not wait for its SDK

        remarks += await slack_remarks(given, household, wiring.system_clock)
    if given.discord_bot_token:
        from adapters.doctor.guilds import discord_remarks  # nor does one without Discord

        remarks += await discord_remarks(given, household, policy, wiring.system_clock)
    return remarks


async def findings(given: Settings, house: wiring.House, language: str) -> tuple[str, ...]:
    """What the doctor says of a house that is alive, gravest first, for whoever has just set up a team in it."""
    from adapters.doctor.workspace import slack_remarks

    now = wiring.system_clock()
    household = await house.intake.write(lambda uow: doctor.gathered(uow, now, posts=False))
    remarks = [*doctor.household_remarks(household, now), *await slack_remarks(given, household, wiring.system_clock)]
    return tuple(doctor.told(r, language) for grade in doctor.Grade for r in remarks if r.grade is grade and _new(r))


def _new(remark: Remark) -> bool:
    """Not what the answer to the set-up says itself, and of the hints only what concerns its beginning."""
    return remark.key in ("notice", "resting") if remark.grade is doctor.Grade.HINT else remark.key != "monitor"


def slack_manifest(args: argparse.Namespace, language: str) -> int:
    """Print the manifest on standard output."""
    from adapters.commands import COMMAND
    from adapters.slack.manifest import Labels, manifest, written

    command = args.command_name or settings.read().slack_command or COMMAND
    labels = Labels(language, args.name, command, args.shortcut)
    sys.stdout.write(written(manifest(labels, args.url)))
    return 0
