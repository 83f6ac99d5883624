"""The first answer to an interaction: within three seconds, once, and of the kind that fits (rules discord-1 to 5)."""

from discord_town import checks
from discord_town.commandcheck import offered
from discord_town.guild import Json
from discord_town.interactions import Answer, Asked, Form, Interaction
from discord_town.mentions import ANSWERS
from discord_town.message import EPHEMERAL, LOADING, Kind, Message
from discord_town.posting import Draft, post, rewrite
from discord_town.refused import Form as Problems
from discord_town.refused import Refused

from .ask import Ask, Reply, Route

FITTING = {
    Asked.COMMAND: {Answer.MESSAGE, Answer.DEFERRED, Answer.FORM},
    Asked.COMPONENT: {Answer.MESSAGE, Answer.DEFERRED, Answer.DEFERRED_UPDATE, Answer.UPDATE, Answer.FORM},
    Asked.FORM: {Answer.MESSAGE, Answer.DEFERRED, Answer.DEFERRED_UPDATE, Answer.UPDATE},
    Asked.AUTOCOMPLETE: {Answer.CHOICES},
}
"""A form does not answer a form; the updates need a message to update."""


def create_interaction_response(ask: Ask) -> Reply:
    found = ask.discord.interactions.get(int(ask.path["interaction"]))
    if found is None or found.token != ask.path["token"] or (found.answered is None and found.late):
        raise Refused(404, 10062)
    if found.answered is not None:
        raise Refused(400, 40060)
    answer = _kind(found, ask.body.get("type"))
    data: Json = ask.body.get("data") or {}
    _carry_out(ask, found, answer, data)
    found.answered = answer
    found.ended.set()
    if ask.query.get("with_response") not in {"1", "true"}:
        return Reply(204)
    return Reply(200, _told(found, answer))


def _kind(found: Interaction, kind: object) -> Answer:
    fitting = set(FITTING[found.asked])
    if found.on is None:
        fitting -= {Answer.UPDATE, Answer.DEFERRED_UPDATE}
    problems = Problems()
    one_of = ", ".join(str(int(one)) for one in sorted(fitting))
    problems.must(kind in fitting, "type", f"Value must be one of {{{one_of}}}.", "BASE_TYPE_CHOICES")
    problems.done()
    return Answer(kind)  # type: ignore[arg-type]


def _carry_out(ask: Ask, found: Interaction, answer: Answer, data: Json) -> None:
    match answer:
        case Answer.MESSAGE | Answer.DEFERRED:
            found.ephemeral = bool(int(data.get("flags") or 0) & EPHEMERAL)
            loading = answer is Answer.DEFERRED
            body = {"flags": int(data.get("flags") or 0) & EPHEMERAL | LOADING} if loading else data
            found.response = answers(ask, found, body, empty=loading)
        case Answer.UPDATE:
            assert found.on is not None
            found.response = rewrite(ask.discord, found.on, data, ask.files, ANSWERS)
        case Answer.DEFERRED_UPDATE:
            found.response = found.on
        case Answer.CHOICES:
            problems = Problems()
            offered(problems, data.get("choices") or [], "data.choices")
            problems.done()
            found.choices = data.get("choices") or []
        case Answer.FORM:
            checks.modal(data)
            found.form = Form(data["custom_id"], data["title"], data["components"], found.channel, found.on)
            ask.discord.forms[found.user.id] = found.form


def answers(ask: Ask, found: Interaction, body: Json, *, empty: bool = False) -> Message:
    """Post an answer: only to the person when it is ephemeral, whatever the bot may do in the channel."""
    viewer = found.user.id if int(body.get("flags") or 0) & EPHEMERAL else 0
    if ask.shut(found.channel) and (found.channel.archived or not viewer):
        raise Refused(403, 50083)  # discord/discord-api-docs#5517, #6884
    kind = Kind.COMMAND if found.asked is Asked.COMMAND else Kind.DEFAULT
    draft = Draft(found.channel, ask.me, body, ask.files, ANSWERS, kind, viewer=viewer, empty=empty)
    draft.application = draft.webhook = ask.world.app.id
    draft.interaction = found.metadata()
    return post(ask.discord, draft)


def _told(found: Interaction, answer: Answer) -> Json:
    told: Json = {"id": str(found.id), "type": int(found.asked), "channel_id": str(found.channel.id)}
    resource: Json = {"type": int(answer)}
    if found.response is not None:
        told["response_message_id"] = str(found.response.id)
        told["response_message_loading"] = found.response.loading
        told["response_message_ephemeral"] = bool(found.response.flags & EPHEMERAL)
        if answer in {Answer.MESSAGE, Answer.UPDATE}:
            resource["message"] = found.response.shown()
    return {"interaction": told, "resource": resource}


ROUTES = [
    Route(
        "POST",
        "/interactions/{interaction}/{token}/callback",
        "create_interaction_response",
        create_interaction_response,
        open=True,
    )
]
