"""A local Slack of our own for tests: real protocol on 127.0.0.1, people who act, faults by script, and a record.

async with LocalSlack(town(), Mode.SOCKET) as slack:
    client = AsyncWebClient(token=slack.app.bot_token, base_url=slack.api_url)   # or slack.environment() for a process
    said = await slack.user("UCUST").says("早くしろ", "support")                  # waits until it is acknowledged
    await slack.user("UAGENT").types("/kasuhara", "report", "random")
    await slack.user("UAGENT").submits({"text": "..."})                          # fills the form that stands open
    (card,) = slack.cards("alert")
    await slack.user("USUPER1").presses("ack", card)
    slack.faults.on("chat.postMessage", faults.lost())                           # carried out, answer lost
    slack.sockets.cut()
    await slack.settled()
    assert not slack.record.refusals and not slack.troubles
"""

from .channel import Channel, Room
from .clicking import Person
from .courier import Mode, Plan, copied
from .delivery import Delivery
from .entries import NotPossible
from .message import Message
from .server import LocalSlack, shuffled
from .town import town
from .user import Kind, User, UserGroup
from .workspace import App, Workspace

__all__ = [
    "App",
    "Channel",
    "Delivery",
    "Kind",
    "LocalSlack",
    "Message",
    "Mode",
    "NotPossible",
    "Person",
    "Plan",
    "Room",
    "User",
    "UserGroup",
    "Workspace",
    "copied",
    "shuffled",
    "town",
]
