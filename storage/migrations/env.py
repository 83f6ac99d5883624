"""Alembic's environment: runs on the connection that Database hands it, inside its transaction and lock."""

from alembic import context

from storage.tables import MessageRow

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=MessageRow.metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
