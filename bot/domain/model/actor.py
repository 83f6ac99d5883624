"""Who acts, with the rights that the rows give: a person of the company, the operator of the machine, or time."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.model.team import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """`roles`: what this account may be in each team; an account that no team lists has none."""

    account: str
    name: str = ""
    roles: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    operator: bool = False
    """At the keyboard of the machine that holds the rows (`cli:name`)."""

    @property
    def inside(self) -> bool:
        """One of our people; everybody else is an outsider everywhere."""
        return self.operator or bool(self.roles)

    @property
    def team(self) -> str:
        """The first team that lists them."""
        return next(iter(self.roles), "")

    def is_in(self, roles: frozenset[Role], team: str = "") -> bool:
        """Whether they hold one of `roles` in `team`; "" = in any."""
        held = [self.roles.get(team, frozenset())] if team else list(self.roles.values())
        return any(roles & one for one in held)
