"""How alembic runs the migrations: on the connection that ``ledger.database`` opened, all or nothing."""

from __future__ import annotations

from alembic import context

from onrecord.ledger.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True)
context.run_migrations()
