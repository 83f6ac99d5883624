"""The Web API methods that the local Slack answers."""

from . import chat, conversations, files, people, views
from .ask import Ask, Method, Refused

METHODS: dict[str, Method] = {
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **people.METHODS,
    **views.METHODS,
}

__all__ = ["METHODS", "Ask", "Method", "Refused"]
