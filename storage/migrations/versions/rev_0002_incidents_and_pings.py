"""Reports, incidents, verdicts, points; pings, rota, digests; the outbox."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def document() -> sa.JSON:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def number() -> sa.BigInteger:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def only(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.create_index("ix_messages_root", "messages", ["root"], unique=False, **only("root IS NOT NULL"))
    op.create_table(
        "bundles",
        sa.Column("id", number(), nullable=False),
        *texts("target", "team"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("pings", document(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundles")),
    )
    op.create_index("ix_bundles_target_at", "bundles", ["target", "at"], unique=False)
    op.create_table(
        "digests",
        *texts("team", "week"),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("posted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("team", "week", name=op.f("pk_digests")),
    )
    op.create_table(
        "drills",
        sa.Column("id", number(), nullable=False),
        *texts("team", "asked_by"),
        sa.Column("people", document(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("seen_by", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drills")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_drills_until", "drills", ["until"], unique=False, **only("ended_at IS NULL"))
    op.create_table(
        "incidents",
        sa.Column("id", number(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("attributed_id", sa.BigInteger(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("last_sign_at", sa.BigInteger(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("categories", document(), nullable=False),
        sa.Column("dangers", document(), nullable=False),
        *texts("state", "reach"),
        sa.Column("outage_id", sa.BigInteger(), nullable=True),
        sa.Column("shown_at", sa.BigInteger(), nullable=True),
        *texts("edition", "pack_hash", "zone"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index("ix_incidents_customer_last", "incidents", ["customer_id", "last_sign_at"], unique=False)
    op.create_index(op.f("ix_incidents_outage_id"), "incidents", ["outage_id"], unique=False)
    op.create_index("ix_incidents_state", "incidents", ["state"], unique=False)
    op.create_index("ix_incidents_team_opened", "incidents", ["team", "opened_at"], unique=False)
    op.create_table(
        "notifications",
        sa.Column("ping_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        *texts("key", "reason"),
        sa.Column("unheard", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("ping_id", "n", name=op.f("pk_notifications")),
    )
    op.create_index("ix_notifications_target_at", "notifications", ["target", "at"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", number(), nullable=False),
        *texts("key", "base", "lane", "place", "round"),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("people", document(), nullable=False),
        *texts("language", "kind"),
        sa.Column("facts", sa.LargeBinary(), nullable=True),
        sa.Column("quotes", document(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("put_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.Column("lease", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        *texts("ref_channel", "ref_id"),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index("ix_outbox_base", "outbox", ["base"], unique=False)
    op.create_index(
        "ix_outbox_line",
        "outbox",
        ["lane", "place", "id"],
        unique=False,
        **only("state = 'waiting'"),
    )
    op.create_index(
        "ix_outbox_round",
        "outbox",
        ["round"],
        unique=False,
        **only("state = 'waiting'"),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["priority", "id"],
        unique=False,
        **only("state = 'waiting'"),
    )
    op.create_table(
        "leases",
        *texts("name", "holder"),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table("told", *texts("name", "value"), sa.PrimaryKeyConstraint("name", name=op.f("pk_told")))
    op.create_table(
        "overrides",
        sa.Column("id", number(), nullable=False),
        *texts("team", "account"),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overrides")),
    )
    op.create_index("ix_overrides_team_end", "overrides", ["team", "end"], unique=False)
    op.create_table(
        "pings",
        sa.Column("id", number(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("attributed_id", sa.BigInteger(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("categories", document(), nullable=False),
        sa.Column("dangers", document(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("last_sign_at", sa.BigInteger(), nullable=False),
        sa.Column("waiting_since", sa.BigInteger(), nullable=True),
        sa.Column("recovered", sa.Boolean(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("acked_by", sa.Text(), nullable=False),
        sa.Column("acked_at", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pings")),
    )
    op.create_index(op.f("ix_pings_customer_id"), "pings", ["customer_id"], unique=False)
    op.create_index(
        "ix_pings_due",
        "pings",
        ["due_at"],
        unique=False,
        **only("state <> 'resolved'"),
    )
    op.create_index(op.f("ix_pings_incident_id"), "pings", ["incident_id"], unique=False)
    op.create_index(
        "uq_pings_open",
        "pings",
        ["customer_id"],
        unique=True,
        **only("state <> 'resolved'"),
    )
    op.create_table(
        "points",
        sa.Column("id", number(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("attributed_id", sa.BigInteger(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.Column("review_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.Float(precision=53), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("weight", sa.Float(precision=53), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("factor", sa.Float(precision=53), nullable=False),
        *texts("edition", "pack_hash"),
        sa.Column("taken_back_at", sa.BigInteger(), nullable=True),
        sa.Column("taken_back_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points")),
    )
    op.create_index(op.f("ix_points_customer_id"), "points", ["customer_id"], unique=False)
    op.create_index(op.f("ix_points_incident_id"), "points", ["incident_id"], unique=False)
    op.create_table(
        "reports",
        sa.Column("id", number(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        *texts("team", "reporter", "kind"),
        sa.Column("filed_at", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("quote", sa.LargeBinary(), nullable=True),
        *texts("group", "category"),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("burden", sa.Integer(), nullable=False),
        sa.Column("medium", sa.Text(), nullable=False),
        sa.Column("call_from", sa.BigInteger(), nullable=True),
        sa.Column("call_to", sa.BigInteger(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("named", document(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
    )
    op.create_index(op.f("ix_reports_incident_id"), "reports", ["incident_id"], unique=False)
    op.create_index(op.f("ix_reports_message_id"), "reports", ["message_id"], unique=False)
    op.create_index("ix_reports_reporter_filed", "reports", ["reporter", "filed_at"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("id", number(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *texts("reviewer", "finding"),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        *texts("demand_valid", "means_acceptable", "environment_harmed"),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("categories", document(), nullable=False),
        *texts("state", "second"),
        sa.Column("second_at", sa.BigInteger(), nullable=True),
        sa.Column("second_reason", sa.LargeBinary(), nullable=True),
        *texts("edition", "pack_hash"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index(op.f("ix_reviews_incident_id"), "reviews", ["incident_id"], unique=False)
    op.create_table(
        "signs",
        sa.Column("id", number(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ref", sa.BigInteger(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        *texts("category", "danger"),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signs")),
    )
    op.create_index(op.f("ix_signs_incident_id"), "signs", ["incident_id"], unique=False)
    op.create_index("ix_signs_ref", "signs", ["kind", "ref"], unique=False)
    op.create_table(
        "switches",
        *texts("name", "value"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_switches")),
    )
    op.add_column("teams", sa.Column("alert_channel", sa.Text(), nullable=False, server_default=""))
    op.add_column("teams", sa.Column("leads_channel", sa.Text(), nullable=False, server_default=""))
    op.add_column("teams", sa.Column("language", sa.Text(), nullable=False, server_default="ja"))
    for table, column in (("teams", "rota"), ("teams", "hours"), ("staff", "via")):
        kind = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
        op.add_column(table, sa.Column(column, kind, nullable=True))


def downgrade() -> None:
    op.drop_index("ix_messages_root", table_name="messages")
    op.execute("DELETE FROM staff WHERE via IS NOT NULL AND CAST(roles AS TEXT) = '[]'")  # or they would stay for ever
    op.drop_column("staff", "via")
    for column in ("hours", "rota", "language", "leads_channel", "alert_channel"):
        op.drop_column("teams", column)
    for table in (
        "told",
        "leases",
        "switches",
        "signs",
        "reviews",
        "reports",
        "points",
        "pings",
        "overrides",
        "outbox",
        "notifications",
        "incidents",
        "drills",
        "digests",
        "bundles",
    ):
        op.drop_table(table)
