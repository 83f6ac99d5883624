"""The made-up town of the playground: its people, its channels, who reads what, and the company as rows know it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from adapters.wording import say
from bot.domain.model import Contract, CustomerRecord, Membership, Role, Rota, Staff, Team

PLATFORM: Final = "playground"
OURS: Final = f"{PLATFORM}:town"
"""Our own workspace; a guest has an account in it, too."""
ELSEWHERE: Final = f"{PLATFORM}:outside"
SOURCE: Final = "playground"
ACTOR: Final = "cli:playground"
"""Who furnishes the town, for the audit."""
BOT: Final = "bot"


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody whom the person at the keyboard can be; the name stands in the words."""

    id: str
    roles: tuple[Role, ...] = ()
    """() for a customer."""
    home: str = OURS

    @property
    def inside(self) -> bool:
        return bool(self.roles)

    @property
    def role(self) -> str:
        return self.roles[0].value if self.roles else "customer"

    @property
    def account(self) -> str:
        return f"{self.home}:{self.id}"

    @property
    def membership(self) -> Membership:
        return Membership.MEMBER if self.inside else Membership.OUTSIDER

    def name(self, language: str) -> str:
        return say(language, f"playground.name.{self.id}")


PERSONAS: Final[Mapping[str, Persona]] = {
    one.id: one
    for one in (
        Persona("tanaka", home=ELSEWHERE),
        Persona("guest"),
        Persona("sato", (Role.AGENT,)),
        Persona("suzuki", (Role.SUPERVISOR,)),
        Persona("takahashi", (Role.SUPERVISOR,)),
        Persona("ito", (Role.LEAD, Role.ADMIN)),
        Persona("watanabe", (Role.DECISION_MAKER,)),
    )
}
FIRST: Final = PERSONAS["suzuki"]
"""Whom a page begins as: whoever is on call."""
ROTA: Final = ("suzuki", "takahashi")
_STAFF: Final = tuple(one for one in PERSONAS.values() if one.inside)
_INSIDE: Final = frozenset(one.id for one in _STAFF)


@dataclass(frozen=True, slots=True)
class Channel:
    """A place to write in; `kind`: customer, alert, leads, direct."""

    id: str
    kind: str
    members: frozenset[str]

    @property
    def address(self) -> str:
        return f"{OURS}:{self.id}"

    @property
    def inside(self) -> bool:
        """Whether no outsider can read it (design.md 4)."""
        return self.members <= _INSIDE

    def name(self, language: str) -> str:
        return say(language, f"playground.channel.{self.kind if self.kind == 'direct' else self.id}")

    def about(self, language: str) -> str:
        return say(language, f"playground.channel_about.{self.kind if self.kind == 'direct' else self.id}")


def direct(persona: str) -> str:
    """The conversation of one of our people with the bot."""
    return f"D-{persona}"


CHANNELS: Final[Mapping[str, Channel]] = {
    one.id: one
    for one in (
        Channel("desk", "customer", _INSIDE | {"tanaka"}),
        Channel("acme", "customer", _INSIDE | {"guest"}),
        Channel("alert", "alert", _INSIDE),
        Channel("leads", "leads", frozenset({"ito", "watanabe"})),
        *(Channel(direct(one.id), "direct", frozenset({one.id})) for one in _STAFF),
    )
}


def sees(persona: str, channel: str) -> bool:
    """Whether this persona can read this channel."""
    place = CHANNELS.get(channel)
    return place is not None and persona in place.members


def persona_of(account: str) -> Persona | None:
    """Whose account this is."""
    return next((one for one in PERSONAS.values() if one.account == account), None)


def channel_of(address: str) -> Channel | None:
    """The channel of `playground:town:alert`."""
    workspace, _, id = address.rpartition(":")
    return CHANNELS.get(id) if workspace == OURS else None


def named(language: str) -> str:
    """What the team is called in a town that was begun in this language."""
    return say(language, "playground.team")


def team(language: str, zone: str, today: date) -> Team:
    """One team, on duty by turns of a week from this week's Monday on."""
    staff = tuple(Staff(one.account, one.name(language), one.roles) for one in _STAFF)
    members = tuple(PERSONAS[id].account for id in ROTA)
    return Team(
        name=named(language), zone=zone, staff=staff, workspaces=(OURS,), language=language,
        channels=tuple(place.address for place in CHANNELS.values() if place.kind == "customer"),
        alert_channel=CHANNELS["alert"].address, leads_channel=CHANNELS["leads"].address,
        rota=Rota(zone, members, today - timedelta(days=today.weekday())),
    )  # fmt: skip


def customers(language: str, today: date) -> tuple[CustomerRecord, ...]:
    """Both customers; the guest's company has a contract that is paid to the end of the next month."""
    month_after = (today.replace(day=1) + timedelta(days=63)).replace(day=1)
    clause = say(language, "playground.clause")
    paid = Contract(clause=clause, paid_through=month_after - timedelta(days=1), paid_as_of=today)
    return (
        CustomerRecord(
            name=say(language, "playground.customer.tanaka"), contacts=(PERSONAS["tanaka"].account,), source=SOURCE
        ),
        CustomerRecord(
            name=say(language, "playground.customer.guest"), contacts=(PERSONAS["guest"].account,),
            channels=(CHANNELS["acme"].address,), contract=paid, source=SOURCE,
        ),
    )  # fmt: skip
