"""files.*: uploads by the three steps that are left of it, and what files.info tells."""

from slack.message import Json

from .ask import Ask, Method, Refused, invalid
from .chat import own


def get_upload_url(ask: Ask) -> Json:
    name, length = ask.needed("filename"), ask.number("length", 0)
    if length <= 0:
        raise invalid("must be greater than 0 [json-pointer:/length]")
    id = ask.workspace.new_id("F")
    return {"ok": True, "file_id": id, "upload_url": ask.slack.files.expect(id, name, length)}


def complete(ask: Ask) -> Json:
    asked: list[Json] = ask.structure("files") or []
    if not asked:
        raise invalid("missing required field: files")
    wanted = [id for id in [ask.text("channel_id"), *ask.text("channels").split(",")] if id]
    done: list[Json] = []
    for one in asked:
        upload = ask.slack.files.uploads.get(one.get("id", ""))
        if upload is None or upload.body is None:
            raise Refused("file_not_found")
        file = ask.slack.files.described(upload.id, upload.name, len(upload.body), ask.app.bot_user)
        file["title"] = one.get("title") or upload.name
        done.append(file)
    for id in wanted:
        channel = ask.workspace.channels.get(id)
        if channel is None:
            raise Refused("invalid_channel")
        if ask.app.bot_user not in channel.members:
            raise Refused("not_in_channel")
        if channel.archived:
            raise Refused("is_archived")
    for file in done:
        ask.workspace.files[file["id"]] = file
    for id in wanted:
        message = own(ask, ask.workspace.channels[id])
        message.text, message.files, message.subtype = ask.text("initial_comment"), done, "file_share"
        message.thread_ts = ask.text("thread_ts")
        ask.workspace.post(message)
        ask.slack.news.posted(message)
    return {"ok": True, "files": [{"id": file["id"], "title": file["title"]} for file in done]}


def info(ask: Ask) -> Json:
    file = ask.workspace.files.get(ask.needed("file"))
    if file is None:
        raise Refused("file_not_found")
    return {"ok": True, "file": file, "comments": [], "response_metadata": {"next_cursor": ""}}


METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, "files:write"),
    "files.completeUploadExternal": Method(complete, "files:write"),
    "files.info": Method(info, "files:read"),
}
