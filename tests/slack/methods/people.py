"""users.*, usergroups.*, bots.*, dnd.*, team.*, auth.*: who is who, and who may be disturbed."""

from slack.message import Json
from slack.user import Kind, User

from .ask import Ask, Method, Refused, paged


def auth(ask: Ask) -> Json:
    space = ask.workspace
    base = {"ok": True, "url": f"https://{space.domain}.slack.com/", "team": space.name, "team_id": space.id}
    me = {"user": ask.app.name, "user_id": ask.app.bot_user, "bot_id": ask.app.bot_id}
    return base | me | {"is_enterprise_install": False}


def _shown(ask: Ask, user: User) -> Json:
    email = "users:read.email" in ask.app.scopes
    return user.shown(ask.workspace.clock.now(), locale=ask.flag("include_locale"), email=email)


def info(ask: Ask) -> Json:
    """A stranger is visible only while some conversation of ours holds them."""
    user = ask.person()
    seen = any(user.id in channel.members for channel in ask.workspace.channels.values())
    if user.kind is Kind.STRANGER and not seen:
        raise Refused("user_not_found")
    return {"ok": True, "user": _shown(ask, user)}


def list_own(ask: Ask) -> Json:
    """Everybody of our own workspace, guests, bots and the deactivated among them; never strangers."""
    own = [user for user in ask.workspace.users.values() if user.kind is not Kind.STRANGER]
    page, cursor = ask.page(own, 1000)
    answer = paged("members", [_shown(ask, user) for user in page], cursor)
    return answer | {"cache_ts": int(ask.workspace.clock.now())}


def by_mail(ask: Ask) -> Json:
    mail = ask.needed("email")
    found = next((u for u in ask.workspace.users.values() if u.email == mail and not u.deleted), None)
    if found is None:
        raise Refused("users_not_found")
    return {"ok": True, "user": _shown(ask, found)}


def groups(ask: Ask) -> Json:
    listed = [g for g in ask.workspace.groups.values() if g.enabled or ask.flag("include_disabled")]
    return {"ok": True, "usergroups": [group.shown(ask.workspace.id) for group in listed]}


def group_users(ask: Ask) -> Json:
    group = ask.workspace.groups.get(ask.needed("usergroup"))
    if group is None:
        raise Refused("no_such_subteam")
    return {"ok": True, "users": list(group.users)}


def bot(ask: Ask) -> Json:
    known = [user for user in ask.workspace.users.values() if user.bot_id]
    found = next((user for user in known if user.bot_id == ask.text("bot", ask.app.bot_id)), None)
    if found is None:
        raise Refused("bot_not_found")
    app = ask.app.id if found.bot_id == ask.app.bot_id else f"A{found.bot_id[1:]}"
    shown = {"id": found.bot_id, "deleted": found.deleted, "name": found.name, "updated": 0, "app_id": app}
    return {"ok": True, "bot": shown | ({} if found.classic else {"user_id": found.id}) | {"icons": {}}}


def disturbed(ask: Ask) -> Json:
    user = ask.person()
    start, end = user.rests or (1, 1)
    return {
        "ok": True,
        "dnd_enabled": user.rests is not None,
        "next_dnd_start_ts": int(start),
        "next_dnd_end_ts": int(end),
        "snooze_enabled": False,
    }


def team(ask: Ask) -> Json:
    space = ask.workspace
    return {
        "ok": True,
        "team": {"id": space.id, "name": space.name, "domain": space.domain, "email_domain": "", "icon": {}},
    }


def open_connection(ask: Ask) -> Json:
    return {"ok": True, "url": ask.slack.sockets.ticket()}


METHODS = {
    "auth.test": Method(auth),
    "api.test": Method(lambda ask: {"ok": True, "args": ask.arguments}),
    "apps.connections.open": Method(open_connection, "connections:write", app_level=True),
    "users.info": Method(info, "users:read"),
    "users.list": Method(list_own, "users:read"),
    "users.lookupByEmail": Method(by_mail, "users:read.email"),
    "usergroups.list": Method(groups, "usergroups:read"),
    "usergroups.users.list": Method(group_users, "usergroups:read"),
    "bots.info": Method(bot, "users:read"),
    "dnd.info": Method(disturbed, "dnd:read"),
    "team.info": Method(team, "team:read"),
}
