"""A support team: its watched channels, its people with their roles, its zone."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.model.hours import Week
from bot.domain.model.rota import Rota


class Role(StrEnum):
    """Rights inside the company (requirements.md, roll-up of part 1)."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    LEAD = "lead"
    DECISION_MAKER = "decision_maker"
    LEGAL = "legal"
    HR_CARE = "hr_care"
    ADMIN = "admin"


class Mode(StrEnum):
    """What detections may do (rules.md 7); people's reports ping in every mode."""

    MONITOR = "monitor"
    """Detections are listed, nobody is pinged for them."""
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Staff:
    """One person of the company under one account (`platform:workspace:id`), or a user group of a platform
    (`platform:workspace:group:id`)."""

    account: str
    name: str
    roles: tuple[Role, ...]
    by_group: tuple[Role, ...] = ()
    """Of `roles` those that are held only through a user group, and end with it."""

    @property
    def own(self) -> tuple[Role, ...]:
        """The roles that were given to this person by name."""
        return tuple(role for role in self.roles if role not in self.by_group)


def is_group(account: str) -> bool:
    """Whether this names a user group of a platform, `platform:workspace:group:id`, and no person."""
    parts = account.split(":")
    return len(parts) == 4 and parts[2] == "group"


@dataclass(frozen=True, slots=True)
class Team:
    """A team as the rows know it; channels are `platform:workspace:channel`; zone is an IANA name."""

    name: str
    zone: str
    channels: tuple[str, ...]
    staff: tuple[Staff, ...]
    workspaces: tuple[str, ...] = ()
    """Our own workspaces and guilds, `platform:workspace`: their full members are colleagues, never customers."""
    alert_channel: str = ""
    """Where pings stand, `platform:workspace:channel`; "" = directly to the person."""
    leads_channel: str = ""
    """Where the digest and what is for leads stand; "" = the alert channel."""
    language: str = "ja"
    """ja or en: of everything posted for the whole team."""
    rota: Rota | None = None
    groups: tuple[Staff, ...] = ()
    """User groups whose members hold these roles; `staff` has the members."""
    hours: Week = ()
    """The desk's own hours; () = the pack's. Closing days are always the pack's."""

    @property
    def listed(self) -> tuple[Staff, ...]:
        """People and user groups as somebody listed them: without what is held only through a group."""
        own = (Staff(person.account, person.name, person.own) for person in self.staff if person.own)
        return (*own, *self.groups)
