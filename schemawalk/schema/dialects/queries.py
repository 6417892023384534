"""What a view asks for and a policy demands, as pieces of SQL in one dialect."""

from __future__ import annotations

from dataclasses import dataclass

from schemawalk.schema.dialects.dialect import Dialect
from schemawalk.schema.language.expression import IsNull, Logic, Name
from schemawalk.schema.things import Policy, Through, View, ViewColumn


@dataclass(frozen=True, slots=True)
class Query:
    """A SELECT in its clauses; what is empty is not there."""

    shown: tuple[str, ...]
    source: str
    where: str = ""
    grouped: tuple[str, ...] = ()

    @property
    def sql(self) -> str:
        """All of it on one line."""
        where = f" WHERE {self.where}" if self.where else ""
        grouped = f" GROUP BY {', '.join(self.grouped)}" if self.grouped else ""
        return f"SELECT {', '.join(self.shown)} FROM {self.source}{where}{grouped}"


def query(view: View, dialect: Dialect) -> Query:
    """The SELECT that a view is."""
    by_name = {column.name: column for column in view.columns}
    return Query(
        tuple(_shown(column, dialect) for column in view.columns),
        dialect.quoted(view.table),
        dialect.sql(view.condition) if view.condition is not None else "",
        tuple(dialect.sql(by_name[name].expression) for name in view.grouped_by),
    )


def _shown(column: ViewColumn, dialect: Dialect) -> str:
    written, name = dialect.sql(column.expression), dialect.quoted(column.name)
    return written if column.expression == Name(column.name) else f"{written} AS {name}"


def demanded(policy: Policy, dialect: Dialect) -> tuple[str, ...]:
    """The conditions of a policy, all of which must be true of a row."""
    own = () if policy.rule is None else (dialect.sql(policy.rule),)
    return (*own, *(_seen(policy.table, through, dialect) for through in policy.through))


def checked(policy: Policy, dialect: Dialect) -> tuple[str, ...]:
    """The conditions of which all must be true of a row that is written."""
    if not policy.takes_unowned or policy.rule is None:
        return demanded(policy, dialect)
    return (dialect.sql(Logic("or", (policy.rule, IsNull(Name(policy.column))))),)


def _seen(table: str, through: Through, dialect: Dialect) -> str:
    """Whether the row's parent is seen: its own policy decides, as it does for every query."""
    child, parent = dialect.quoted(table), dialect.quoted(through.parent)
    pairs = zip(through.columns, through.parent_columns, strict=True)
    same = " AND ".join(
        f"{parent}.{dialect.quoted(theirs)} = {child}.{dialect.quoted(own)}"
        for own, theirs in pairs
    )
    return f"EXISTS (SELECT FROM {parent} WHERE {same})"
