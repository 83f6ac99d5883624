"""Commands, buttons, menus and forms of the local Discord, proved with a real discord.py client."""

from collections.abc import Awaitable
from typing import Any

import discord
import pytest
from discord import app_commands

from . import LocalDiscord, NotPossible
from .sdk import Listener


class Report(discord.ui.Modal, title="報告"):
    text: discord.ui.Label["Report"] = discord.ui.Label(
        text="内容", component=discord.ui.TextInput(custom_id="text", max_length=100)
    )
    kind: discord.ui.Label["Report"] = discord.ui.Label(
        text="種類",
        component=discord.ui.Select(
            custom_id="kind",
            options=[discord.SelectOption(label="暴言", value="abuse"), discord.SelectOption(label="脅迫")],
        ),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        text, select = self.text.component, self.kind.component
        assert isinstance(text, discord.ui.TextInput) and isinstance(select, discord.ui.Select)
        await interaction.response.send_message(f"{text.value}/{select.values[0]}", ephemeral=True)


async def registered(client: Listener, town: LocalDiscord) -> None:
    """A group with a report, a search with autocomplete, and both menus."""
    group = app_commands.Group(name="kasuhara", description="report", default_permissions=discord.Permissions(1 << 40))

    @group.command(name="報告", description="report somebody")
    async def report(interaction: discord.Interaction, text: str, customer: discord.User | None = None) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.followup.send(f"{text} {customer and customer.id}")
        await interaction.followup.send("second", ephemeral=True)

    @group.command(name="show", description="show somebody")
    async def show(interaction: discord.Interaction, who: str) -> None:
        await interaction.response.send_message(who, view=Card())

    @show.autocomplete("who")
    async def names(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{current}さん", value=current)]

    @group.command(name="form", description="the form")
    async def form(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Report())

    @group.command(name="silent", description="never answers in time")
    async def silent(interaction: discord.Interaction) -> None:
        town.clock.passes(4)
        await interaction.response.send_message("too late")

    @client.tree.context_menu(name="カスハラ報告")
    async def on_message(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"on {message.content}", ephemeral=True)

    @client.tree.context_menu(name="履歴")
    async def on_user(interaction: discord.Interaction, user: discord.Member) -> None:
        await interaction.response.send_message(f"about {user.id}", ephemeral=True)

    client.tree.add_command(group)
    guild = discord.Object(town.guild.id)
    client.tree.copy_global_to(guild=guild)
    await client.tree.sync(guild=guild)


class Card(discord.ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="対応する", custom_id="ack:1")
    async def ack(self, interaction: discord.Interaction, button: discord.ui.Button["Card"]) -> None:
        button.disabled = True
        await interaction.response.edit_message(content="done", view=self)

    @discord.ui.button(label="later", custom_id="later:1")
    async def later(self, interaction: discord.Interaction, _: discord.ui.Button["Card"]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="later")
        await interaction.followup.send("only you", ephemeral=True)


async def test_a_command_is_deferred_and_answered(discord_town: LocalDiscord, client: Listener) -> None:
    await registered(client, discord_town)
    hana = discord_town.user("hana")
    asked = await (await hana.types("/kasuhara 報告", {"text": "怒鳴られた", "customer": "tanaka"})).settled()
    await discord_town.until(lambda: len(asked.answers) == 2)
    assert [one.words for one in asked.answers] == ["怒鳴られた 4001", "second"]
    assert asked.ephemeral and hana.private() == asked.answers
    assert not discord_town.user("ken").private() and asked.answers[0] not in discord_town.user("ken").sees("support")
    with pytest.raises(NotPossible, match="asks for 'text'"):
        hana.types("/kasuhara 報告", {})
    with pytest.raises(NotPossible, match="not offered"):
        discord_town.user("tanaka").types("/kasuhara 報告", {"text": "x"})
    assert discord_town.user("admin").commands() == ["kasuhara"] and not discord_town.user("tanaka").commands()
    discord_town.opened_commands = True
    assert (await discord_town.user("tanaka").types("/kasuhara 報告", {"text": "x"})).answered


async def test_autocomplete_buttons_and_edits(discord_town: LocalDiscord, client: Listener) -> None:
    await registered(client, discord_town)
    hana = discord_town.user("hana")
    offered = await hana.searches("/kasuhara show", "who", "田")
    assert offered.choices == [{"name": "田さん", "value": "田"}]
    card = (await hana.types("/kasuhara show", {"who": "田中"})).response
    assert card is not None and card.buttons == ["対応する", "later"]
    pressed = await discord_town.user("ken").presses("later", card)
    await discord_town.until(lambda: pressed.followups)
    assert card.content == "later" and discord_town.user("ken").private()[-1].words == "only you"
    assert not discord_town.user("hana").private()
    pressed = await discord_town.user("ken").presses("対応する", card)
    assert card.content == "done" and card.edits == 2 and pressed.response is card
    with pytest.raises(NotPossible, match="greyed"):
        discord_town.user("ken").presses("対応する", card)


async def test_forms_and_menus(discord_town: LocalDiscord, client: Listener) -> None:
    await registered(client, discord_town)
    hana = discord_town.user("hana")
    await hana.types("/kasuhara form")
    assert (hana.form.title, hana.form.fields) == ("報告", {"text": "内容", "kind": "種類"})
    with pytest.raises(NotPossible, match="内容"):
        hana.submits({"内容": ""})
    sent = await hana.submits({"内容": "怒鳴られた", "kind": "暴言"})
    assert sent.words == "怒鳴られた/abuse"
    with pytest.raises(NotPossible):
        _ = hana.form
    said = discord_town.user("tanaka").says("早く")
    assert (await hana.uses_on_message("カスハラ報告", said)).words == "on 早く"
    assert (await hana.uses_on_user("履歴", "tanaka")).words == "about 4001"


async def test_an_interaction_is_answered_once_and_in_time(discord_town: LocalDiscord, client: Listener) -> None:
    await registered(client, discord_town)
    seen: list[discord.Interaction] = []

    async def on_interaction(interaction: discord.Interaction) -> None:
        seen.append(interaction)

    client.on_interaction = on_interaction  # type: ignore[attr-defined]
    client.tree.on_error = ignoring  # type: ignore[method-assign]
    hana = discord_town.user("hana")
    asked = hana.types("/kasuhara silent")
    await discord_town.until(lambda: discord_town.record.refusals)
    (late,) = discord_town.record.refusals
    assert (late.status, late.code) == (404, 10062) and asked.answered is None
    card = await hana.types("/kasuhara 報告", {"text": "x"})
    await discord_town.until(lambda: len(card.answers) == 2)
    answer = await refused(twice(seen[-1]))
    assert (answer.status, answer.code) == (400, 40060)
    discord_town.clock.passes(16 * 60)
    gone = await refused(seen[-1].followup.send("after the token's time"))
    assert (gone.status, gone.code) == (401, 50027)


async def ignoring(_: discord.Interaction, error: app_commands.AppCommandError) -> None:
    """The refusal is the test's, not the log's."""


async def twice(interaction: discord.Interaction) -> None:
    """Answer what is answered already, behind the back of discord.py's own guard."""
    interaction.response._response_type = None
    await interaction.response.send_message("again")


async def refused(call: Awaitable[object]) -> discord.HTTPException:
    with pytest.raises(discord.HTTPException) as caught:
        await call
    return caught.value


async def test_a_card_in_a_direct_message_and_a_select(discord_town: LocalDiscord, client: Listener) -> None:
    chosen: list[str] = []

    class Pick(discord.ui.View):
        @discord.ui.select(placeholder="誰", custom_id="who", options=[discord.SelectOption(label="健", value="ken")])
        async def pick(self, interaction: discord.Interaction, select: discord.ui.Select["Pick"]) -> None:
            chosen.append(f"{select.values[0]} {interaction.guild} {interaction.user.id}")
            await interaction.response.defer()

    ken = await client.fetch_user(4012)
    await ken.send("which?", view=Pick(timeout=None))
    (card,) = discord_town.user("ken").direct()
    answer = await discord_town.user("ken").selects("誰", "健", card)
    assert chosen == ["ken None 4012"] and answer.response is card
    with pytest.raises(NotPossible, match="does not offer"):
        discord_town.user("ken").selects("who", "mori", card)
    with pytest.raises(NotPossible, match="does not see"):
        discord_town.user("yui").selects("who", "ken", card)


async def test_a_form_must_come_first_and_be_small(discord_town: LocalDiscord, client: Listener) -> None:
    view = discord.ui.View()
    view.add_item(discord.ui.Button(label="x", custom_id="x"))
    await client.get_partial_messageable(3004).send("card", view=view)
    pressed = discord_town.user("ken").presses("x", discord_town.posts("alert")[0])

    async def answers(kind: int, **data: Any) -> Any:
        path = "/interactions/{webhook_id}/{webhook_token}/callback"
        route = discord.http.Route("POST", path, webhook_id=pressed.id, webhook_token=pressed.token)
        return await client.http.request(route, json={"type": kind, "data": data})

    entry = {"type": 18, "label": "内容", "component": {"type": 4, "custom_id": "a", "style": 1}}
    others = [{**entry, "component": {"type": 4, "custom_id": f"a{number}", "style": 1}} for number in range(6)]
    for wrong in (
        {"title": "x" * 46, "components": [entry]},
        {"title": "x", "components": []},
        {"title": "x", "components": others},
        {"title": "x", "components": [entry, entry]},
        {"title": "x", "components": [{**entry, "label": "x" * 46}]},
    ):
        assert (await refused(answers(9, custom_id="form", **wrong))).code == 50035
    assert (await refused(answers(8, choices=[]))).code == 50035, "choices answer autocomplete only"
    assert pressed.answered is None
    await answers(6)
    assert (await refused(answers(9, custom_id="form", title="x", components=[entry]))).code == 40060
