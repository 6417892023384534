"""Foreign keys and exclusions as SQL: what follows the name of the constraint."""

from __future__ import annotations

from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.language.expression import Call, Name
from schemawalk.schema.model import Exclusion, ForeignKey


def reference(key: ForeignKey, dialect: Dialect) -> str:
    """FOREIGN KEY with its target, its actions, and when it is checked."""
    target = f"{dialect.quoted(key.references)} ({dialect.names(key.referenced_columns)})"
    words = [f"FOREIGN KEY ({dialect.names(key.columns)}) REFERENCES {target}"]
    words.append(f"ON DELETE {key.on_delete}{_emptied(key, dialect)}")
    if key.on_update != "NO ACTION":
        words.append(f"ON UPDATE {key.on_update}")
    if key.deferrable:
        words.append("DEFERRABLE INITIALLY DEFERRED")
    return " ".join(words)


def _emptied(key: ForeignKey, dialect: Dialect) -> str:
    """The columns that SET NULL empties, where that is not all of them."""
    some = key.on_delete == "SET NULL" and key.emptied not in ((), key.columns)
    return f" ({dialect.names(key.emptied)})" if some else ""


def exclusion(exclusion: Exclusion, dialect: Dialect) -> tuple[str, ...]:
    """EXCLUDE, clause by clause: no two rows overlap."""
    between = Call(exclusion.extent, (Name(exclusion.start), Name(exclusion.end)))
    parts = [f"{dialect.quoted(column)} WITH =" for column in exclusion.columns]
    parts.append(f"{dialect.sql(between)} WITH &&")
    rule = f"EXCLUDE USING gist ({', '.join(parts)})"
    if exclusion.predicate is None:
        return (rule,)
    return rule, f"WHERE ({dialect.sql(exclusion.predicate)})"
