"""views.*: modals by a trigger, their changes, and the home tab."""

import json
from typing import Any

from slack.blocks import BUDGET, view_refusals
from slack.message import Json

from .ask import Ask, Method, Refused, invalid


def checked(value: Any, *, home: bool = False) -> Json:
    """A view that may be shown."""
    if not isinstance(value, dict):
        raise invalid("missing required field: view")
    if len(json.dumps(value, ensure_ascii=False).encode()) > BUDGET:
        raise Refused("view_too_large")
    found = view_refusals(value)
    if (value.get("type") == "home") is not home:
        found.append(f"unsupported type: {value.get('type')} [json-pointer:/view/type]")
    if found:
        raise invalid(*found)
    return value


def _view(ask: Ask) -> Json:
    return checked(ask.structure("view", "invalid_arguments"))


def _trigger(ask: Ask) -> str:
    """The user who pressed; a trigger lives 3 seconds and works once."""
    state = ask.slack.triggers.exchange(ask.needed("trigger_id"))
    if state.error:
        raise Refused(state.error)
    return state.user


def open_modal(ask: Ask) -> Json:
    view = _view(ask)
    if ask.slack.views.by_external_id(view.get("external_id", "")):
        raise Refused("duplicate_external_id")
    return {"ok": True, "view": ask.slack.views.open(_trigger(ask), view).shown()}


def push(ask: Ask) -> Json:
    view, user = _view(ask), _trigger(ask)
    if not ask.slack.views.stacks.get(user):
        raise Refused("not_found")
    if len(ask.slack.views.stacks[user]) >= 3:
        raise Refused("push_limit_reached")
    return {"ok": True, "view": ask.slack.views.push(user, view).shown()}


def update(ask: Ask) -> Json:
    known = ask.slack.views
    found = known.by_id(ask.text("view_id")) or known.by_external_id(ask.text("external_id"))
    if found is None:
        raise Refused("not_found")
    if ask.text("hash") and ask.text("hash") != found.hash:
        raise Refused("hash_conflict")
    found.change(_view(ask))
    return {"ok": True, "view": found.shown()}


def publish(ask: Ask) -> Json:
    user = ask.person("user_id")
    if not ask.app.home:
        raise Refused("not_enabled")
    view = checked(ask.structure("view", "invalid_arguments"), home=True)
    home = ask.slack.views.homes.get(user.id)
    if ask.text("hash") and home and ask.text("hash") != home.hash:
        raise Refused("hash_conflict")
    return {"ok": True, "view": ask.slack.views.publish(user.id, view).shown()}


METHODS = {
    "views.open": Method(open_modal),
    "views.push": Method(push),
    "views.update": Method(update),
    "views.publish": Method(publish),
}
