"""What Slack makes of the app's answers: the body of an acknowledgement, and posts to a response_url."""

from typing import TYPE_CHECKING

from aiohttp import web

from .delivery import COMMANDS, Delivery
from .message import Json, Message
from .methods.ask import Ask, Refused
from .methods.chat import checked_blocks, own
from .methods.views import checked
from .triggers import ResponseUrl
from .views import View

if TYPE_CHECKING:
    from .server import LocalSlack

TIMED_OUT = "operation_timeout"
FAILED = "dispatch_failed"


def take_answer(slack: "LocalSlack", user: str, delivery: Delivery, view: View | None) -> None:
    """Show what the app answered; an unanswered act shows Slack's own trouble."""
    if not delivery.acked:
        error = TIMED_OUT if delivery.attempts and "timeout" in delivery.attempts[-1].outcome else FAILED
        slack.troubles.append((user, error))
        if delivery.kind == COMMANDS:
            command, channel = delivery.payload["command"], delivery.payload["channel_id"]
            text = f'{command} failed with the error "{error}"'
            slack.workspace.post(Message(channel, slack.clock.stamp(), "USLACKBOT", text, seen_by=user))
    elif delivery.kind == COMMANDS:
        place = ResponseUrl(user, delivery.payload["channel_id"])
        answer = {"text": delivery.answer} if isinstance(delivery.answer, str) else delivery.answer
        if answer:
            _shown(slack, answer, place)
    elif view is not None:
        _submitted(slack, user, delivery.answer or {}, view)


def _submitted(slack: "LocalSlack", user: str, answer: Json, view: View) -> None:
    """The answer to a submission: nothing closes the form on top."""
    stack = slack.views.stacks[user]
    match answer.get("response_action"):
        case None:
            if view in stack:
                stack.remove(view)
        case "clear":
            stack.clear()
        case "errors":
            known = {block["block_id"] for block in view.blocks if block["type"] == "input"}
            if not answer.get("errors") or not set(answer["errors"]) <= known:
                slack.troubles.append((user, "errors for blocks that are no inputs"))
            view.errors = answer.get("errors", {})
        case "update" | "push" as action:
            try:
                content = checked(answer.get("view"))
            except Refused as refused:
                slack.troubles.append((user, f"{refused}: {refused.body.get('response_metadata')}"))
                return
            if action == "update":
                view.change(content)
            else:
                slack.views.push(user, content)
        case other:
            slack.troubles.append((user, f"unknown response_action {other}"))


def _shown(slack: "LocalSlack", answer: Json, place: ResponseUrl) -> None:
    """Write the answer where it belongs: ephemeral unless in_channel, in place of its origin when asked."""
    channel = slack.workspace.channels[place.channel]
    if answer.get("delete_original") or answer.get("replace_original"):
        origin = _origin(slack, place)
        if origin is not None and origin.seen_by:
            channel.ephemerals.remove(origin)
        elif origin is not None and answer.get("delete_original"):
            slack.news.removed(origin)
        elif origin is not None:
            before = channel.shown_message(origin)
            origin.text, origin.blocks = str(answer.get("text", "")), checked_blocks(answer.get("blocks"))
            slack.news.changed(slack.workspace.post(origin), before)
            return
        if answer.get("delete_original"):
            return
    if not (answer.get("text") or answer.get("blocks") or answer.get("attachments")):
        raise Refused("no_text")
    message = own(Ask(slack, "response_url", answer), channel)
    message.text, message.blocks = str(answer.get("text", "")), checked_blocks(answer.get("blocks"))
    message.attachments, message.thread_ts = answer.get("attachments", []), str(answer.get("thread_ts", ""))
    slack.news.crawl(message, answer)
    if answer.get("response_type", "ephemeral") == "ephemeral":
        message.seen_by = place.user
        slack.workspace.post(message)
    else:
        slack.news.posted(slack.workspace.post(message))


def _origin(slack: "LocalSlack", place: ResponseUrl) -> Message | None:
    channel = slack.workspace.channels[place.channel]
    private = (message for message in channel.ephemerals if message.ts == place.origin)
    return channel.messages.get(place.origin) or next(private, None)


async def serve_response_url(slack: "LocalSlack", request: web.Request) -> web.StreamResponse:
    """A post to a response_url; refusals are 404 for the url and 400 for the content (bodies seen in public code)."""
    answer: Json = await request.json()
    fault = slack.faults.take("response_url", answer)
    place = slack.urls.use(request.match_info["id"]) if fault is None or fault.carried_out else ""
    slack.record.responses.append(answer)
    error, status = (place, 404) if isinstance(place, str) else ("", 200)
    if isinstance(place, ResponseUrl):
        try:
            _shown(slack, answer, place)
        except Refused as refused:
            error, status = str(refused), 400
    if fault is not None:
        if fault.cut and request.transport is not None:
            request.transport.abort()
        headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
        return web.Response(status=fault.status, headers=headers, text=fault.name)
    if error:
        return web.json_response({"ok": False, "error": error}, status=status)
    return web.Response(text="ok", content_type="text/plain")
