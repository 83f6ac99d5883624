"""A local Slack of our own for tests: real protocol on 127.0.0.1, people who act, faults by script, and a record."""

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
