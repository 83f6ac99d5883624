"""Whose message it is: the first rule that matches wins (rules.md 1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.domain.events import MessagePosted
from bot.domain.model import Membership, Platform, Speaker, Week


class Owner(NamedTuple):
    """Whose an account is."""

    attributed: int
    effective: int
    """After merges."""
    seen: bool
    """Nobody entered the account; it was made when somebody unknown wrote, and every rule is stronger."""
    nameless: bool = False
    """Its name was forgotten, or never known."""


@dataclass(frozen=True, slots=True)
class Directory:
    """Who is who, as the rows say at `epoch`; keys are `platform:workspace[:id]`, values customer ids."""

    epoch: int = 0
    staff: frozenset[str] = frozenset()
    own_workspaces: frozenset[str] = frozenset()
    channels: Mapping[str, int] = field(default_factory=dict)
    workspaces: Mapping[str, int] = field(default_factory=dict)
    domains: Mapping[str, int] = field(default_factory=dict)
    free_mail: frozenset[str] = frozenset()
    merged: Mapping[int, int] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)
    """A watched channel's team zone."""
    hours: Mapping[str, Week] = field(default_factory=dict)
    """A watched channel's support hours, where its team has its own."""

    @property
    def staffed(self) -> bool:
        """Whether anybody is known who could have answered in a chat or by mail."""
        return any(account.partition(":")[0] in set(Platform) for account in self.staff)

    def effective(self, customer_id: int) -> int:
        """The customer that this one was merged into, or itself."""
        return self.merged.get(customer_id, customer_id)


def account_of(event: MessagePosted) -> str:
    """The author's account, by the workspace that the author belongs to."""
    return f"{event.platform}:{event.home or event.workspace}:{event.author}"


def speaker_without_contact(event: MessagePosted, directory: Directory) -> Speaker:
    """Whose word it is when the author is no contact of a customer."""
    account = account_of(event)
    if account in directory.staff:
        return Speaker.STAFF
    if event.membership is Membership.BOT:
        return Speaker.BOT
    if event.membership is Membership.MEMBER:
        return Speaker.COLLEAGUE
    if event.membership is Membership.UNKNOWN:
        return Speaker.UNATTRIBUTED
    return Speaker.CUSTOMER


def customer_by_rule(event: MessagePosted, directory: Directory) -> int | None:
    """The customer of the channel, else of the author's workspace, else of the mail domain; None if nobody matches."""
    by_channel = directory.channels.get(f"{event.platform}:{event.workspace}:{event.channel}")
    if by_channel is not None:
        return by_channel
    workspace = f"{event.platform}:{event.home or event.workspace}"
    if workspace not in directory.own_workspaces and workspace in directory.workspaces:
        return directory.workspaces[workspace]
    domain = event.mail.rpartition("@")[2].casefold()
    if domain and domain not in directory.free_mail:
        return directory.domains.get(domain)
    return None
