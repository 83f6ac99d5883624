"""The app itself, people, direct conversations, the way to the gateway."""

from discord_town.guild import Json
from discord_town.refused import Refused

from .ask import Ask, Route


def get_current_user(ask: Ask) -> Json:
    return ask.me.shown() | {"verified": True, "mfa_enabled": False, "email": None, "locale": "en-US"}


def get_current_application(ask: Ask) -> Json:
    return ask.world.app.shown()


def get_user(ask: Ask) -> Json:
    user = ask.world.users.get(int(ask.path["user"]))
    if user is None:
        raise Refused(404, 10013)
    return user.shown()


def get_current_user_guilds(ask: Ask) -> list[Json]:
    mine = [guild for guild in ask.world.guilds.values() if ask.me.id in guild.members]
    found = []
    for guild in mine:
        given = str(ask.world.may_in_guild(ask.me.id, guild))
        shown: Json = {"id": str(guild.id), "name": guild.name, "icon": None, "features": [], "permissions": given}
        found.append(shown | {"owner": guild.owner == ask.me.id})
    return found


def create_dm(ask: Ask) -> Json:
    """Opening works with anybody; that they refuse shows at the first message (rule discord-16)."""
    user = ask.world.users.get(int(ask.body["recipient_id"]))
    if user is None:
        raise Refused(404, 10013)
    if user is ask.me:
        raise Refused(400, 50007)
    return ask.world.direct(user).shown()


def get_gateway(ask: Ask) -> Json:
    return {"url": ask.discord.gateway.base}


def get_gateway_bot(ask: Ask) -> Json:
    gateway = ask.discord.gateway
    left = max(0, gateway.budget - len(gateway.identifies))
    start = {"total": gateway.budget, "remaining": left, "reset_after": 14_400_000, "max_concurrency": 1}
    return {"url": gateway.base, "shards": 1, "session_start_limit": start}


ROUTES = [
    Route("GET", "/users/@me", "get_current_user", get_current_user),
    Route("GET", "/users/@me/guilds", "get_current_user_guilds", get_current_user_guilds),
    Route("POST", "/users/@me/channels", "create_dm", create_dm),
    Route("GET", "/users/{user}", "get_user", get_user),
    Route("GET", "/oauth2/applications/@me", "get_current_application", get_current_application),
    Route("GET", "/applications/@me", "get_current_application", get_current_application),
    Route("GET", "/gateway", "get_gateway", get_gateway, open=True),
    Route("GET", "/gateway/bot", "get_gateway_bot", get_gateway_bot),
]
