"""Embeds being filled: title, text, fields and footer under Discord's limits, and rows of buttons."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import discord

from adapters.chat.buttons import apart
from adapters.chat.buttons import bare as plain_id
from adapters.chat.links import drawable
from adapters.discord.markup import bare, fitting, size
from adapters.wording.buttons import OPEN
from adapters.wording.card import Button, Style
from adapters.wording.clean import clean

TITLE: Final = 250
"""Of 256."""
TEXT: Final = 4_000
"""Of 4,096 of a description."""
FIELDS: Final = 24
"""Of 25."""
NAME: Final = 250
"""Of 256."""
VALUE: Final = 1_000
"""Of 1,024."""
FOOTER: Final = 600
"""Discord takes 2,048; ours are a line or two."""
LABEL: Final = 80
ROW: Final = 5
ROWS: Final = 5
ID: Final = 100
"""Characters of a custom_id."""
BLANK: Final = "…"
"""Where Discord wants a text and there is none."""
_STYLES: Final = {
    Style.PRIMARY: discord.ButtonStyle.primary,
    Style.PLAIN: discord.ButtonStyle.secondary,
    Style.DANGER: discord.ButtonStyle.danger,
}


@dataclass(slots=True)
class Box:
    """One embed: Discord draws the title, then the text, then the fields, then the footer."""

    title: str = ""
    lines: list[str] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)
    footer: str = ""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def takes(self, line: str) -> bool:
        """Whether this line has room in the text, which stands above the fields."""
        return not self.fields and size(self.text) + size(line) + 1 <= TEXT

    def weight(self) -> int:
        """What Discord counts of it."""
        told = (self.title, self.text, self.footer, *(part for pair in self.fields for part in pair))
        return sum(map(size, told))

    def drawn(self, colour: int) -> discord.Embed:
        embed = discord.Embed(title=self.title or None, description=self.text or None, colour=colour)
        for name, value in self.fields:
            embed.add_field(name=name, value=value, inline=size(name) + size(value) <= ROW * ROWS * 2)
        if self.footer:
            embed.set_footer(text=self.footer)
        return embed


def titled(title: str, page: str = "") -> str:
    """The title on one line, shortened where it has no room; `page` is not."""
    return fitting(clean(title).strip() or BLANK, TITLE - len(page)) + page


def footnote(text: str) -> str:
    return bare(clean(text).strip(), FOOTER)


def id_of(action: str, subject: str) -> str:
    """What comes back when a button is pressed: ids and nothing else; works after any restart."""
    return f"{action}:{subject}"


def deed_of(custom_id: str) -> tuple[str, str]:
    """Action and subject of `id_of`."""
    action, _, subject = plain_id(custom_id).partition(":")
    return action, subject


def view_of(buttons: Sequence[Button]) -> discord.ui.View:
    """At most 25 buttons; nothing waits for them here, they are known by their ids."""
    view = discord.ui.View(timeout=None)
    drawn = drawable(buttons)[: ROW * ROWS]
    for button, id in zip(drawn, apart(id_of(button.action, button.subject) for button in drawn), strict=True):
        view.add_item(_button(button, id))
    view.stop()
    return view


def _button(button: Button, id: str) -> discord.ui.Button[discord.ui.View]:
    label = bare(clean(button.label).strip() or BLANK, LABEL)
    if button.action == OPEN:
        return discord.ui.Button(label=label, url=button.subject)
    return discord.ui.Button(style=_STYLES[button.style], label=label, custom_id=id)
