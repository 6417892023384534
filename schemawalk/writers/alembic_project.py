"""What an Alembic project needs besides migrations and models: its settings, its way to the
database, and the form of the migrations to come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from schemawalk.writers.work import header

INI: Final = """\

[alembic]
script_location = %(here)s/alembic
prepend_sys_path = %(here)s
path_separator = os

[loggers]
keys = root, alembic

[handlers]
keys = console

[formatters]
keys = plain

[logger_root]
level = WARNING
handlers = console

[logger_alembic]
level = INFO
handlers =
qualname = alembic

[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = plain

[formatter_plain]
format = %(levelname)s [%(name)s] %(message)s
"""

# Mako drops lines that begin with two hashes: a migration made from this by hand is not ours.
MAKO: Final = '''\
"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
"""

from __future__ import annotations

import sqlalchemy as sa

from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
'''

_ENV_HEAD: Final = '''\
"""How Alembic reaches the database: its address from DATABASE_URL, the tables from models.py."""

from __future__ import annotations

import os
from logging.config import fileConfig

from sqlalchemy import create_engine

from alembic import context
from models import Base

if context.config.config_file_name:
    fileConfig(context.config.config_file_name, disable_existing_loggers=False)


def address() -> str:
    """The database's address; stops with a sentence when there is none."""
    if url := os.environ.get("DATABASE_URL"):
        return url
    example = "EXAMPLE"
    raise SystemExit(f"DATABASE_URL is not set: give the database's address, such as {example}")
'''

_ENV_POSTGRESQL: Final = '''

def write() -> None:
    """Write the migrations as SQL (--sql); needs no database."""
    context.configure(
        dialect_name="postgresql",
        target_metadata=Base.metadata,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
    )
    # No server can be asked for standard_conforming_strings: on, as it has been since 9.1.
    context.get_context().dialect._backslash_escapes = False
    with context.begin_transaction():
        context.run_migrations()


def run() -> None:
    """Run the migrations; one transaction."""
    with create_engine(address()).connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_server_default=True,
        )
        with context.begin_transaction():
            context.run_migrations()
'''

_ENV_SQLITE: Final = '''

def write() -> None:
    """Write the migrations as SQL (--sql); needs no database."""
    context.configure(
        dialect_name="sqlite",
        target_metadata=Base.metadata,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run() -> None:
    """Run the migrations; one transaction.

    Foreign keys are not heeded meanwhile: tables that refer to each other could not be dropped,
    and a table that is copied to be changed would take its children with it.
    """
    with create_engine(address()).connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_server_default=True,
            render_as_batch=True,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
'''

_ENV_TAIL: Final = """

if context.is_offline_mode():
    write()
else:
    run()
"""

_EXAMPLES: Final = {
    "postgresql": "postgresql+psycopg://user@localhost/name",
    "sqlite": "sqlite:///app.db",
}
_ENV: Final = {"postgresql": _ENV_POSTGRESQL, "sqlite": _ENV_SQLITE}


def project(database: str) -> Mapping[str, str]:
    """The files around migrations and models, by path."""
    head = _ENV_HEAD.replace("EXAMPLE", _EXAMPLES[database])
    return {
        "alembic.ini": header("#") + INI,
        "alembic/env.py": header("#") + head + _ENV[database] + _ENV_TAIL,
        "alembic/script.py.mako": header("##") + MAKO,
    }
