"""Files that came with messages; whose messages still wait for their author to be known."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message", sa.BigInteger(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.UniqueConstraint("message", "file", name=op.f("uq_files_message_file")),
        sqlite_autoincrement=True,
    )
    wanted = sa.text("state = 'wanted'")
    op.create_index("ix_files_wanted", "files", ["due_at"], unique=False, sqlite_where=wanted, postgresql_where=wanted)
    op.create_index("ix_files_sent", "files", ["sent_at"], unique=False)
    op.create_index("ix_files_sender", "files", ["sender", "sent_at"], unique=False)
    waiting = sa.text("speaker = 'unattributed'")
    op.create_index(
        "ix_messages_unattributed", "messages", ["author"], unique=False,
        sqlite_where=waiting, postgresql_where=waiting,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_messages_unattributed", "messages")
    op.drop_table("files")
