"""Changes of who is who: teams, customers, duty, mode."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.model import CustomerRecord, Mode, Team


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsApplied:
    """The teams of a file become rows; teams and people that the same source no longer names are ended."""

    teams: tuple[Team, ...]
    source: str
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamSetUp:
    """Somebody wrote one team in a chat: it becomes a row, in the place of the team of this name, and other teams stay.

    `founder`: the platform says that this person administers the workspace; who founds the first team needs no more.
    `over`: the team as it was when this was filled in, one without a name where there was none; None = whatever it is.
    """

    team: Team
    source: str
    actor: str
    founder: bool = False
    over: Team | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSeen:
    """Who is in a user group now (`platform:workspace:group:id`), as the platform says: they and nobody else hold what
    teams give to it. `members`: accounts with their names."""

    group: str
    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSeen:
    """In which of the listed user groups one person is now, and in no other of that workspace: where a platform does
    not tell who is in a group, each is looked at when they speak or act."""

    account: str
    name: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersImported:
    """Customers of a file become rows; a customer is recognised by name within the same source."""

    records: tuple[CustomerRecord, ...]
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAssigned:
    """An account belongs to this customer from now on and for all stored messages; counts are computed again."""

    account: str
    customer_id: int
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersMerged:
    """Two customers are one; `undo` parts them again. Counts are computed again."""

    customer_id: int
    into: int
    actor: str
    undo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerSplit:
    """These accounts were never that customer: they become one of their own, with their messages."""

    customer_id: int
    accounts: tuple[str, ...]
    name: str = ""
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideSet:
    """Somebody stands in on the rota from `start` to `end`."""

    actor: str
    team: str
    account: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeSet:
    """A team's mode: monitor or live (rules.md 7)."""

    actor: str
    team: str
    mode: Mode
