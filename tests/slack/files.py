"""Files: uploads on their way, their bodies, and the e-mails that Slack turns into files."""

import mimetypes
from dataclasses import dataclass, field

from .message import Json
from .workspace import Workspace


@dataclass
class Upload:
    """Announced by files.getUploadURLExternal; its body comes by the upload url."""

    id: str
    name: str
    length: int
    body: bytes | None = None


@dataclass
class Files:
    """The files of the workspace; bodies are kept by id."""

    workspace: Workspace
    base: str = ""
    uploads: dict[str, Upload] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)

    def expect(self, id: str, name: str, length: int) -> str:
        """Where to send the body."""
        self.uploads[id] = Upload(id, name, length)
        return f"{self.base}/upload/v1/{id}"

    def receive(self, id: str, body: bytes) -> str:
        """Slack's refusal, or "" when the body was taken."""
        upload = self.uploads.get(id)
        if upload is None:
            return "file_not_found"
        if len(body) != upload.length:
            return "size mismatch"
        upload.body = self.bodies[id] = body
        return ""

    def described(self, id: str, name: str, size: int, user: str) -> Json:
        """The file object."""
        now = int(self.workspace.clock.now())
        mimetype = mimetypes.guess_type(name)[0] or "text/plain"
        suffix = name.rpartition(".")[2] if "." in name else "text"
        return {
            "id": id,
            "created": now,
            "timestamp": now,
            "name": name,
            "title": name,
            "mimetype": mimetype,
            "filetype": suffix,
            "pretty_type": suffix.upper(),
            "user": user,
            "user_team": self.workspace.id,
            "size": size,
            "mode": "hosted",
            "is_external": False,
            "is_public": True,
            "file_access": "visible",
            "url_private": f"{self.base}/files-pri/{id}/{name}",
            "url_private_download": f"{self.base}/files-pri/{id}/download/{name}",
            "permalink": f"https://{self.workspace.domain}.slack.com/files/{user}/{id}/{name}",
        }

    def kept(self, name: str, body: bytes, user: str) -> Json:
        """A file that a person uploads."""
        id = self.workspace.new_id("F")
        self.bodies[id] = body
        file = self.workspace.files[id] = self.described(id, name, len(body), user)
        return file

    def mail(self, sender: str, name: str, to: str, subject: str, body: str) -> Json:
        """An e-mail to a channel (rule slack-25): a file of filetype and mode "email", posted by USLACKBOT."""
        file = self.kept(subject or "(no subject)", body.encode(), "USLACKBOT")
        original = f"{name} <{sender}>" if name else sender
        file |= {"filetype": "email", "mode": "email", "mimetype": "text/html", "pretty_type": "Email"}
        file |= {"from": [{"address": sender, "name": name, "original": original}], "subject": subject, "cc": []}
        file |= {"to": [{"address": to, "name": "", "original": to}], "plain_text": body, "attachments": []}
        return file | {"headers": {"date": "", "in_reply_to": None, "message_id": f"<{file['id']}@mail.test>"}}


def without_body(file: Json) -> Json:
    """A mail as the event sometimes carries it: the body only by files.info."""
    return {name: value for name, value in file.items() if name not in {"plain_text", "headers", "attachments"}}
