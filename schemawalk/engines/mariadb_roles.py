"""Acting as a role of MariaDB or MySQL: somebody who has that role and nothing else signs in."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, quote, urlsplit, urlunsplit

from schemawalk.schema.dialects.mysql import MySQLDialect

if TYPE_CHECKING:
    import pymysql

Connect = Callable[[str], "AbstractContextManager[pymysql.Connection[Any]]"]

_SOMEBODY: Final = "schemawalk_witness"


@contextmanager
def signed_in(
    url: str, connect: Connect, role: str, dialect: MySQLDialect
) -> Iterator[pymysql.Connection[Any]]:
    """A connection to the database at `url` whose user has the role, and is gone afterwards.

    The user is made on a connection of its own: making one ends what a transaction has begun.
    """
    password, name = secrets.token_hex(16), dialect.quoted(role)
    with connect(url) as owner, owner.cursor() as cursor:
        cursor.execute(f"DROP USER IF EXISTS {_SOMEBODY}@'%'")
        cursor.execute(f"CREATE USER {_SOMEBODY}@'%' IDENTIFIED BY '{password}'")
        try:
            cursor.execute(f"GRANT {name} TO {_SOMEBODY}@'%'")
            with connect(_for_somebody(url, password)) as connection:
                with connection.cursor() as other:
                    # What should be refused and is not would wait for the rows of the proof.
                    other.execute("SET lock_wait_timeout = 1")
                    other.execute(f"SET ROLE {name}")
                    other.execute(f"USE {dialect.quoted(urlsplit(url).path.lstrip('/'))}")
                yield connection
        finally:
            cursor.execute(f"DROP USER IF EXISTS {_SOMEBODY}@'%'")


def _for_somebody(url: str, password: str) -> str:
    """The URL of the server with another user, and without a database: the role is not on yet."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    socket = parse_qs(parts.query).get("unix_socket", [""])[0]
    query = f"unix_socket={quote(socket)}" if socket else ""
    return urlunsplit((parts.scheme, f"{_SOMEBODY}:{password}@{host}", "", query, ""))
