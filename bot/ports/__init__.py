"""What the core asks of the outside: a unit of work with its stores, chats, and a clock."""

from bot.ports.chats import Chat, Outbox
from bot.ports.counting import Detections, Forgotten, Messages
from bot.ports.house import Audit, Clock, Storage, UnitOfWork
from bot.ports.incidents import Duty, Incidents, Pings, Reviews
from bot.ports.people import Customers, Saved, Teams

__all__ = [
    "Clock",
    "Audit",
    "Chat",
    "Customers",
    "Detections",
    "Duty",
    "Forgotten",
    "Incidents",
    "Messages",
    "Outbox",
    "Pings",
    "Reviews",
    "Saved",
    "Storage",
    "Teams",
    "UnitOfWork",
]
