"""What hangs on a webhook token: followups and edits of an interaction's answers, and ordinary webhooks."""

from discord_town.guild import Json, User
from discord_town.interactions import Interaction
from discord_town.mentions import ANSWERS
from discord_town.message import EPHEMERAL, Message
from discord_town.posting import Draft, post, remove, rewrite
from discord_town.refused import Refused
from discord_town.world import Webhook

from .ask import Ask, Route
from .interactions import answers


def _interaction(ask: Ask) -> Interaction | None:
    """The interaction of this token, None when the address is not the app's own."""
    if int(ask.path["webhook"]) != ask.world.app.id:
        return None
    for found in ask.discord.interactions.values():
        if found.token == ask.path["token"]:
            if found.expired:
                raise Refused(401, 50027)
            if found.answered is None:
                raise Refused(404, 10015)
            return found
    raise Refused(401, 50027)


def _webhook(ask: Ask) -> Webhook:
    hook = ask.world.webhooks.get(int(ask.path["webhook"]))
    if hook is None:
        raise Refused(404, 10015)
    if hook.token != ask.path["token"]:
        raise Refused(401, 50027)
    return hook


def execute_webhook(ask: Ask) -> Json | None:
    """A followup of an interaction, or a post of an ordinary webhook (with wait=true the message comes back)."""
    found = _interaction(ask)
    if found is not None:
        return _followup(ask, found).shown()
    message = hooked(ask, _webhook(ask))
    return message.shown() if ask.query.get("wait") in {"1", "true"} else None


def _followup(ask: Ask, found: Interaction) -> Message:
    """The first one after a deferral fills the placeholder, which stays as ephemeral as it was (rule discord-4)."""
    if found.waiting and found.response is not None:
        body = {name: value for name, value in ask.body.items() if name != "flags"}
        return rewrite(ask.discord, found.response, body, ask.files, ANSWERS, filled=True)
    message = answers(ask, found, ask.body)
    found.followups.append(message)
    return message


def hooked(ask: Ask, hook: Webhook) -> Message:
    """Post for an ordinary webhook."""
    name = ask.body.get("username") or hook.name
    author = User(hook.id, name, bot=True, webhook=True)
    draft = Draft(ask.world.channels[hook.channel], author, ask.body, ask.files, ANSWERS, webhook=hook.id)
    return post(ask.discord, draft)


def _answer(ask: Ask) -> Message:
    found = _interaction(ask)
    wanted = ask.path.get("message", "@original")
    if found is None:
        hook = _webhook(ask)
        mine = ask.world.channels[hook.channel].messages.get(int(wanted))
        if mine is None or mine.webhook != hook.id:
            raise Refused(404, 10008)
        return mine
    if wanted == "@original":
        message = found.response
    else:
        message = next((one for one in found.followups if str(one.id) == wanted), None)
        if message is None and found.response is not None and str(found.response.id) == wanted:
            message = found.response
    if message is None or message.deleted:
        raise Refused(404, 10008)
    return message


def get_original_interaction_response(ask: Ask) -> Json:
    return _answer(ask).shown()


def edit_original_interaction_response(ask: Ask) -> Json:
    message = _answer(ask)
    return rewrite(ask.discord, message, ask.body, ask.files, ANSWERS, filled=message.loading).shown()


def delete_original_interaction_response(ask: Ask) -> None:
    message = _answer(ask)
    if message.flags & EPHEMERAL and message.viewer == 0:
        raise Refused(404, 10008)
    remove(ask.discord, message)


def get_webhook(ask: Ask) -> Json:
    hook = _webhook(ask)
    guild = ask.world.channels[hook.channel].guild
    return hook.shown(guild.id if guild else 0)


HOOK = "/webhooks/{webhook}/{token}"
ORIGINAL, ONE = f"{HOOK}/messages/@original", f"{HOOK}/messages/{{message}}"
ROUTES = [
    Route("GET", HOOK, "get_webhook_with_token", get_webhook, open=True),
    Route("POST", HOOK, "create_followup_message", execute_webhook, open=True),
    Route("GET", ORIGINAL, "get_original_interaction_response", get_original_interaction_response, open=True),
    Route("PATCH", ORIGINAL, "edit_original_interaction_response", edit_original_interaction_response, open=True),
    Route("DELETE", ORIGINAL, "delete_original_interaction_response", delete_original_interaction_response, open=True),
    Route("GET", ONE, "get_followup_message", get_original_interaction_response, open=True),
    Route("PATCH", ONE, "edit_followup_message", edit_original_interaction_response, open=True),
    Route("DELETE", ONE, "delete_followup_message", delete_original_interaction_response, open=True),
]
