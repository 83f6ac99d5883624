"""team apply, customers import, list, assign, merge."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from adapters import pack, settings, team, wiring
from adapters.cli.parser import actor
from adapters.imports import customers_csv
from adapters.wiring import House
from adapters.wording import say
from adapters.wording.clean import clean
from bot.domain.errors import NotFound, Refused
from bot.domain.events import ContactAssigned, CustomersImported, CustomersMerged, CustomerSplit, TeamsApplied
from bot.domain.model import Customer, CustomerKind
from bot.domain.notices import Applied
from bot.domain.questions import CustomersAsked, CustomersShown, TeamsAsked, TeamsShown

SOURCE: Final = "team.toml"
"""Rows that a team file wrote; what is set in chat has another source and is left alone."""


def _at_home(use: Callable[[House], Awaitable[int]], language: str) -> int:
    async def work() -> int:
        async with wiring.house(settings.read()) as house:
            tell_made_key(house, language)
            return await use(house)

    return asyncio.run(work())


def tell_made_key(house: House, language: str) -> None:
    """Say once, on the first start, that the new key file must be backed up (rules.md 4)."""
    if house.made_key is not None:
        sys.stderr.write(say(language, "keys.made", file=house.made_key) + "\n")


def team_apply(args: argparse.Namespace, language: str) -> int:
    """Show the difference between a team file and the rows, then make the rows follow it."""
    path = args.file or settings.read().team
    if path is None:
        raise Refused("team.no_file")
    teams = team.load(path)
    console = Console()

    async def use(house: House) -> int:
        shown = await house.intake.ask(TeamsAsked())
        before = shown.teams if isinstance(shown, TeamsShown) else ()
        changes = team.difference(before, teams)
        for change in changes:
            console.print(Text(say(language, f"change.{change.kind.value}", **asdict(change))))
        if not changes:
            console.print(say(language, "team.same"))
            return 0
        sources = await house.intake.write(lambda uow: uow.teams.sources())
        for name in sorted({change.team for change in changes}):
            if sources.get(name, SOURCE) != SOURCE:
                console.print(Text(say(language, "team.other_source", team=name, source=sources[name])))
        if not args.yes and not _agreed(language):
            console.print(say(language, "team.kept"))
            return 1
        await house.intake.submit(TeamsApplied(teams=teams, source=SOURCE, actor=actor()))
        console.print(say(language, "team.applied", count=len(teams)))
        return 0

    return _at_home(use, language)


def _agreed(language: str) -> bool:
    if not sys.stdin.isatty():
        raise Refused("team.no_terminal")
    return input(say(language, "team.ask") + " [y/N] ").strip().lower() in ("y", "yes", "はい")


def customers_import(args: argparse.Namespace, language: str) -> int:
    """Customers of a CSV file become rows; nothing is written when the file has a mistake."""
    records = customers_csv.read(args.file, pack.load(settings.read().policy))

    async def use(house: House) -> int:
        done = await house.intake.submit(CustomersImported(records=records, actor=actor()))
        changed = len(done.changed) if isinstance(done, Applied) else 0
        Console().print(say(language, "customers.imported", count=len(records), changed=changed))
        return 0

    return _at_home(use, language)


async def _shown(house: House, *, counted: bool = False) -> CustomersShown:
    shown = await house.intake.ask(CustomersAsked(counted))
    return shown if isinstance(shown, CustomersShown) else CustomersShown(())


def customers_list(args: argparse.Namespace, language: str) -> int:
    """All customers with their contacts; `--unknown` only those that nobody has assigned."""

    async def use(house: House) -> int:
        table = Table(box=None, pad_edge=False)
        for column in ("id", "name", "kind", "messages", "contacts", "paid_through", "merged"):
            table.add_column(say(language, f"customers.{column}"), overflow="fold")
        shown = await _shown(house, counted=True)
        for customer in shown.customers:
            if args.unknown and (customer.kind is not CustomerKind.UNKNOWN or customer.merged_into):
                continue
            table.add_row(*(Text(clean(cell)) for cell in _cells(customer, shown.messages.get(customer.id, 0))))
        Console().print(table)
        return 0

    return _at_home(use, language)


def _cells(customer: Customer, messages: int) -> tuple[str, ...]:
    paid = customer.contract.paid_through
    return (
        str(customer.id),
        customer.name or "—",
        customer.kind.value,
        str(messages),
        ", ".join(customer.contacts),
        paid.isoformat() if paid else "",
        f"→ {customer.merged_into}" if customer.merged_into else "",
    )


async def _find(house: House, named: str) -> Customer:
    """A customer by id, or by its exact name."""
    for customer in (await _shown(house)).customers:
        if named in (str(customer.id), customer.name):
            return customer
    raise NotFound("customer", named)


def customers_assign(args: argparse.Namespace, language: str) -> int:
    """Give an account to a customer."""
    if args.account.count(":") < 2:
        raise Refused("customers.account_form")

    async def use(house: House) -> int:
        customer = await _find(house, args.customer)
        event = ContactAssigned(account=args.account, customer_id=customer.id, actor=actor())
        return _tell(await house.intake.submit(event), "customers.assigned", language, args.account, customer.label)

    return _at_home(use, language)


def customers_split(args: argparse.Namespace, language: str) -> int:
    """Take accounts out of a customer into one of their own."""
    if any(account.count(":") < 2 for account in args.accounts):
        raise Refused("customers.account_form")

    async def use(house: House) -> int:
        customer = await _find(house, args.customer)
        event = CustomerSplit(customer_id=customer.id, accounts=tuple(args.accounts), name=args.name, actor=actor())
        done = await house.intake.submit(event)
        made = args.name or (done.subject if isinstance(done, Applied) else "")
        return _tell(done, "customers.split", language, customer.label, made)

    return _at_home(use, language)


def customers_merge(args: argparse.Namespace, language: str) -> int:
    """Make two customers one, or part them."""
    if bool(args.into) == args.undo:
        raise Refused("customers.merge_words")

    async def use(house: House) -> int:
        customer = await _find(house, args.customer)
        into = await _find(house, args.into) if args.into else customer
        event = CustomersMerged(customer_id=customer.id, into=into.id, actor=actor(), undo=args.undo)
        key = "customers.parted" if args.undo else "customers.merged_into"
        return _tell(await house.intake.submit(event), key, language, customer.label, into.label)

    return _at_home(use, language)


def _tell(done: object, key: str, language: str, one: str, other: str) -> int:
    detections = done.detections if isinstance(done, Applied) else 0
    Console().print(Text(say(language, key, one=clean(one), other=clean(other), detections=detections)))
    return 0
