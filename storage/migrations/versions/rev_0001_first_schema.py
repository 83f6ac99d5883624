"""The first schema: everything that counting, sealing and auditing stand on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
        sa.UniqueConstraint("previous", name=op.f("uq_audit_previous")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "contacts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lookup", sa.Text(), nullable=False),
        sa.Column("label", sa.LargeBinary(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("lookup", name=op.f("uq_contacts_lookup")),
    )
    op.create_index(op.f("ix_contacts_customer_id"), "contacts", ["customer_id"], unique=False)
    op.create_table(
        "customer_rules",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_rules")),
        sa.UniqueConstraint("kind", "value", name=op.f("uq_customer_rules_kind_value")),
    )
    op.create_index(op.f("ix_customer_rules_customer_id"), "customer_rules", ["customer_id"], unique=False)
    op.create_table(
        "customers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("name_key", sa.LargeBinary(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("merged_into", sa.BigInteger(), nullable=True),
        sa.Column("terms_version", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("paid_through", sa.Date(), nullable=True),
        sa.Column("paid_as_of", sa.Date(), nullable=True),
        sa.Column("anchor_day", sa.Integer(), nullable=False),
        sa.Column("renewal_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    op.create_index(op.f("ix_customers_merged_into"), "customers", ["merged_into"], unique=False)
    op.create_index(op.f("ix_customers_name_key"), "customers", ["name_key"], unique=False)
    op.create_table(
        "detection_messages",
        sa.Column("detection_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("detection_id", "message_id", name=op.f("pk_detection_messages")),
    )
    op.create_index(op.f("ix_detection_messages_message_id"), "detection_messages", ["message_id"], unique=False)
    op.create_table(
        "detections",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("window", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=True),
        sa.Column("center", sa.BigInteger(), nullable=False),
        sa.Column("raw_key", sa.LargeBinary(), nullable=True),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.Column("found_later", sa.Boolean(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("outage_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("merged_into", sa.BigInteger(), nullable=True),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("pack_hash", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_detections")),
    )
    op.create_index("ix_detections_at", "detections", ["at"], unique=False)
    op.create_index("ix_detections_customer_at", "detections", ["customer_id", "last_at"], unique=False)
    op.create_index(op.f("ix_detections_outage_id"), "detections", ["outage_id"], unique=False)
    op.create_table(
        "epochs",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_epochs")),
    )
    op.create_table(
        "keyring",
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("purpose", name=op.f("pk_keyring")),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("root", sa.BigInteger(), nullable=True),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("edit", sa.Text(), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("attributed_id", sa.BigInteger(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.Text(), nullable=False),
        sa.Column("mentions", sa.Text(), nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("content_key", sa.LargeBinary(), nullable=True),
        sa.Column("raw_key", sa.LargeBinary(), nullable=True),
        sa.Column("numbers_key", sa.LargeBinary(), nullable=True),
        sa.Column("bitmap", sa.LargeBinary(), nullable=True),
        sa.Column("alike", sa.LargeBinary(), nullable=True),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("place_id", "message_id", "edit", name=op.f("uq_messages_place_id_message_id_edit")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_messages_customer_sent", "messages", ["customer_id", "sent_at"], unique=False)
    op.create_index("ix_messages_sent", "messages", ["sent_at"], unique=False)
    op.create_index(
        "ix_messages_deleted",
        "messages",
        ["deleted_at"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index("ix_messages_author", "messages", ["author"], unique=False)
    op.create_index(
        "ix_messages_staff_sent",
        "messages",
        ["sent_at"],
        unique=False,
        sqlite_where=sa.text("speaker = 'staff'"),
        postgresql_where=sa.text("speaker = 'staff'"),
    )
    op.create_table(
        "outages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("center", sa.BigInteger(), nullable=False),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outages")),
    )
    op.create_table(
        "places",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("platform", "workspace", "channel", name=op.f("uq_places_platform_workspace_channel")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("roles", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("team_id", "account", name=op.f("uq_staff_team_id_account")),
    )
    op.create_index(op.f("ix_staff_team_id"), "staff", ["team_id"], unique=False)
    op.create_table(
        "teams",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("channels", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("workspaces", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("name", name=op.f("uq_teams_name")),
    )
    # ### end Alembic commands ###


def downgrade() -> None:

    op.drop_table("teams")
    op.drop_index(op.f("ix_staff_team_id"), table_name="staff")
    op.drop_table("staff")
    op.drop_table("places")
    op.drop_table("outages")
    op.drop_index(
        "ix_messages_staff_sent",
        table_name="messages",
        sqlite_where=sa.text("speaker = 'staff'"),
        postgresql_where=sa.text("speaker = 'staff'"),
    )
    op.drop_index("ix_messages_author", table_name="messages")
    op.drop_index("ix_messages_deleted", table_name="messages")
    op.drop_index("ix_messages_sent", table_name="messages")
    op.drop_index("ix_messages_customer_sent", table_name="messages")
    op.drop_table("messages")
    op.drop_table("keyring")
    op.drop_table("epochs")
    op.drop_index(op.f("ix_detections_outage_id"), table_name="detections")
    op.drop_index("ix_detections_customer_at", table_name="detections")
    op.drop_index("ix_detections_at", table_name="detections")
    op.drop_table("detections")
    op.drop_index(op.f("ix_detection_messages_message_id"), table_name="detection_messages")
    op.drop_table("detection_messages")
    op.drop_index(op.f("ix_customers_name_key"), table_name="customers")
    op.drop_index(op.f("ix_customers_merged_into"), table_name="customers")
    op.drop_table("customers")
    op.drop_index(op.f("ix_customer_rules_customer_id"), table_name="customer_rules")
    op.drop_table("customer_rules")
    op.drop_index(op.f("ix_contacts_customer_id"), table_name="contacts")
    op.drop_table("contacts")
    op.drop_table("audit_head")
    op.drop_table("audit")
    # ### end Alembic commands ###
