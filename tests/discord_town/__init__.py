"""A local Discord of our own for tests: real protocol on 127.0.0.1, people who act, faults by script, and a record.

async with LocalDiscord(town()) as discord:
    with pointed(discord.port):                                  # or discord.environment() for a process
        ...                                                      # client.start(discord.app.token)
    said = discord.user("tanaka").says("早くしろ")               # in #support
    asked = await discord.user("hana").types("/kasuhara report") # waits for the first answer
    await discord.user("hana").submits({"text": "..."})          # fills the form that stands open
    (card,) = discord.cards("alert")
    await discord.user("ken").presses("対応する", card)
    discord.faults.on("create_message", faults.lost())           # carried out, answer lost
    discord.gateway.breaks(Break.ABORT, after=3)
    await discord.until(lambda: discord.posts("alert"))
    assert not discord.record.refusals and not discord.troubles
"""

from . import faults, limits
from .channel import Channel, Room
from .clicking import Person
from .gateway import Break, Plan, shuffled
from .guild import Guild, Member, Role, User
from .interactions import Answer, Asked, Form, Interaction
from .message import Kind, Message
from .permissions import May
from .server import LocalDiscord
from .speaking import NotPossible, unfurls
from .town import town
from .world import App, World, overwrite

__all__ = [
    "Answer",
    "App",
    "Asked",
    "Break",
    "Channel",
    "Form",
    "Guild",
    "Interaction",
    "Kind",
    "LocalDiscord",
    "May",
    "Member",
    "Message",
    "NotPossible",
    "Person",
    "Plan",
    "Role",
    "Room",
    "User",
    "World",
    "faults",
    "limits",
    "overwrite",
    "shuffled",
    "town",
    "unfurls",
]
