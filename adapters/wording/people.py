"""People of ours and customers as an answer to one person names them."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from adapters.wording.clean import clean, clipped
from adapters.wording.voice import NAME, Voice

PEOPLE: Final = 5
"""Names in one sentence; the rest is counted."""
_ROW: Final = re.compile(r"customer:(\d+)")


def person(name: str, voice: Voice) -> str:
    """One of ours, as politely as the language asks."""
    return voice.say("answer.person.named", name=clipped(clean(name).strip(), NAME))


def people(names: Iterable[str], voice: Voice) -> str:
    """Several of ours, the first five by name."""
    every = [person(name, voice) for name in names]
    shown = every[:PEOPLE]
    if more := len(every) - len(shown):
        shown.append(voice.say("answer.person.others", count=more))
    return voice.listed(shown)


def shown_account(account: str, names: Mapping[str, str]) -> str:
    """What `names` shows for an account, else the account itself without platform and workspace."""
    return names.get(account) or account.rpartition(":")[2]


def labelled(label: str, voice: Voice) -> str:
    """A customer by its label (`Customer.label`); one that nobody named yet by its number."""
    row = _ROW.fullmatch(label)
    return voice.customer("" if row else label, int(row[1]) if row else 0)
