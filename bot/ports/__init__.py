"""What the core asks of the outside: a unit of work with its stores, chats, and a clock."""

from bot.ports.chats import Attentive, Chat, Outbox
from bot.ports.counting import Detections, Forgotten, Messages
from bot.ports.files import Files
from bot.ports.house import Audit, Clock, Storage, UnitOfWork
from bot.ports.incidents import Drills, Duty, Incidents, Pings, Reviews
from bot.ports.people import Customers, Saved, Teams
from bot.ports.presence import Presence

__all__ = [
    "Clock",
    "Attentive",
    "Audit",
    "Chat",
    "Customers",
    "Detections",
    "Drills",
    "Duty",
    "Files",
    "Forgotten",
    "Incidents",
    "Messages",
    "Outbox",
    "Pings",
    "Presence",
    "Reviews",
    "Saved",
    "Storage",
    "Teams",
    "UnitOfWork",
]
