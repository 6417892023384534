"""What PostgreSQL's triggers and routines do not do in a transaction that sees too little."""

from __future__ import annotations

from typing import Final

from schemawalk.schema.dialects.registry import Dialect
from schemawalk.writers.sql_layout import WIDTH, pieces

_REFUSED: Final = """\
  -- REPEATABLE READ sees no row that was committed since it began, and would never know.
  IF current_setting('transaction_isolation') = 'repeatable read' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'feature_not_supported',
      MESSAGE = {},
      HINT = 'Begin the transaction as READ COMMITTED, or all of them as SERIALIZABLE.';
  END IF;
"""


def fresh_look(name: str, dialect: Dialect) -> str:
    """Lines of PL/pgSQL that refuse to work on an old look at the rows, as what is called `name`.

    A lock on a row that nobody changed lets a REPEATABLE READ go on with what it saw at first;
    SERIALIZABLE notices at the latest at COMMIT (PostgreSQL manual, "Transaction Isolation").
    """
    said = dialect.literal(f"{name} must see what was just committed: REPEATABLE READ does not")
    lines = (f"'{piece}'" for piece in pieces(said[1:-1], WIDTH - 20))
    return _REFUSED.format("\n        ".join(lines))
