"""How a ping ended, in the words of whoever said so."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("pings", sa.Column("note", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("pings", "note")
