"""The endpoints of the REST interface, by the names they have in Discord's documents."""

from . import channels, commands, guilds, interactions, messages, users, webhooks
from .ask import Ask, Reply, Route

ROUTES: list[Route] = [
    *users.ROUTES,
    *guilds.ROUTES,
    *channels.ROUTES,
    *messages.ROUTES,
    *commands.ROUTES,
    *interactions.ROUTES,
    *webhooks.ROUTES,
]

__all__ = ["ROUTES", "Ask", "Reply", "Route"]
