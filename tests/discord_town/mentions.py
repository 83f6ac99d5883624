"""Who is really mentioned by a text: the allowances, their defaults, and what the sender may (rule discord-14)."""

import re

from .guild import Guild, Json, User
from .refused import Form

USERS, ROLES, EVERYONE = "users", "roles", "everyone"
PLAIN = frozenset({USERS, ROLES, EVERYONE})
"""The default of ordinary messages and of their edits."""
ANSWERS = frozenset({USERS})
"""The default of webhooks and of answers to interactions."""
FOUND = re.compile(r"<@!?(?P<user>\d+)>|<@&(?P<role>\d+)>|@(?P<all>everyone|here)")


def mentioned(
    content: str,
    allowed: Json | None,
    default: frozenset[str],
    guild: Guild | None,
    *,
    rings: bool,
    replied: User | None,
) -> set[str]:
    """The mentions that take effect; `rings`: the sender may MENTION_EVERYONE, `replied` wrote what is answered to."""
    _checked(allowed)
    kinds = set(default) if allowed is None else set(allowed.get("parse") or [])
    people, roles = _ids(allowed, USERS), _ids(allowed, ROLES)
    found = set()
    for match in FOUND.finditer(content):
        if match["user"] and (USERS in kinds or int(match["user"]) in people):
            found.add(f"@{match['user']}")
        elif match["role"] and (ROLES in kinds or int(match["role"]) in roles):
            role = guild.roles.get(int(match["role"])) if guild else None
            if role is not None and (role.mentionable or rings):
                found.add(f"@&{role.id}")
        elif match["all"] and EVERYONE in kinds and rings and guild is not None:
            found.add(f"@{match['all']}")
    if replied is not None and (allowed is None or allowed.get("replied_user")):
        found.add(f"@{replied.id}")
    return found


def _ids(allowed: Json | None, kind: str) -> set[int]:
    return {int(id) for id in (allowed or {}).get(kind) or []}


def _checked(allowed: Json | None) -> None:
    if allowed is None:
        return
    form = Form()
    kinds = allowed.get("parse") or []
    form.must(set(kinds) <= PLAIN, "allowed_mentions.parse", "Value must be one of users, roles, everyone.")
    for kind in (USERS, ROLES):
        ids = allowed.get(kind) or []
        both = kind in kinds and ids
        form.must(not both, "allowed_mentions", f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.')
        form.must(len(ids) <= 100, f"allowed_mentions.{kind}", "Must be 100 or fewer in length.")
    form.done()
