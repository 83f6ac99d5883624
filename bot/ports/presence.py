"""What processes agree on about a platform: which of them listens to it, and what it was told already."""

from datetime import datetime
from typing import Protocol


class Presence(Protocol):
    """Leases and marks by name; each call is one conditional statement."""

    def take(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        """Hold this name until then, or go on holding it; False: another holds it, and its time is not over."""

    def let_go(self, name: str, holder: str) -> bool:
        """Free it for others; False: it was not this holder's."""

    def told(self, name: str) -> str:
        """What was noted under this name; "" for nothing."""

    def tell(self, name: str, value: str) -> None:
        """Note it in the place of what stood there."""
