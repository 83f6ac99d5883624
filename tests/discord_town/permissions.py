"""Who may do what where: the bits, and how roles and overwrites add up (topics/permissions of Discord's documents)."""

from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .channel import Channel
    from .guild import Guild, Member


class May(IntFlag):
    """The permission bits that this town knows."""

    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40


ALL = (1 << 53) - 1
READS = May.VIEW_CHANNEL | May.READ_MESSAGE_HISTORY
WRITES = (
    May.SEND_MESSAGES
    | May.SEND_MESSAGES_IN_THREADS
    | May.EMBED_LINKS
    | May.ATTACH_FILES
    | May.ADD_REACTIONS
    | May.CREATE_PUBLIC_THREADS
    | May.CREATE_PRIVATE_THREADS
    | May.USE_APPLICATION_COMMANDS
    | May.CHANGE_NICKNAME
)
EVERYONE = READS | WRITES
"""What @everyone may do in a new guild, as far as it matters here."""


def of_guild(guild: "Guild", member: "Member") -> int:
    """What the roles give, before any channel."""
    if guild.owner == member.user.id:
        return ALL
    given = guild.roles[guild.id].permissions
    for role in member.roles:
        given |= guild.roles[role].permissions
    return ALL if given & May.ADMINISTRATOR else given


def of_channel(channel: "Channel", member: "Member") -> int:
    """What a member may do in a channel or thread; a thread has the overwrites of its parent."""
    guild = channel.guild
    assert guild is not None, "a direct conversation has no permissions"
    given = of_guild(guild, member)
    if given & May.ADMINISTRATOR:
        return given
    home = channel.parent if channel.is_thread and channel.parent else channel
    for ids in ([guild.id], member.roles, [member.user.id]):
        denied = allowed = 0
        for id in ids:
            overwrite = home.overwrites.get(id)
            if overwrite is not None:
                denied, allowed = denied | overwrite.deny, allowed | overwrite.allow
        given = given & ~denied | allowed
    if not given & May.VIEW_CHANNEL:
        return 0
    if channel.is_private and not given & May.MANAGE_THREADS and member.user.id not in channel.joined:
        return 0
    sending = May.SEND_MESSAGES_IN_THREADS if channel.is_thread else May.SEND_MESSAGES
    if not given & sending:
        given &= ~(May.EMBED_LINKS | May.ATTACH_FILES | May.MENTION_EVERYONE)
    return given
