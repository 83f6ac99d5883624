"""A title that fits: what is said of a customer, with the name shortened where room is short."""

from collections.abc import Callable
from typing import Final

from adapters.wording.clean import clipped

TITLE: Final = 60
_SHORT: Final = 20
"""What is left of a customer's name at least, where a title is too long."""


def fitted(customer: str, titles: tuple[Callable[[str], str], ...], longest: int = TITLE) -> str:
    """The first of the titles, the fullest first, that has room for the customer's name, shortened if it must be."""
    for title in titles:
        room = longest - len(title(""))
        if room >= min(len(customer), _SHORT):
            return title(clipped(customer, room))
    return clipped(titles[-1](clipped(customer, _SHORT)), longest)
