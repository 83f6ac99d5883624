"""What every chat platform shares: the door for people's words, names that become numbers, pacing."""

from adapters.chat.door import Door, Said, Told
from adapters.chat.pacing import Pace

__all__ = ["Door", "Pace", "Said", "Told"]
