"""Whatever the schema and however hostile its names, its migration is proven on real databases."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemawalk.engines.engine import Engine
from schemawalk.engines.proof import prove
from schemawalk.schema.language.explicit import explicit
from schemawalk.schema.language.expression import (
    Call,
    Compare,
    Expression,
    In,
    IsNull,
    Literal,
    Logic,
    Matches,
    Name,
    Not,
    renamed,
)
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.language.sorts import Meaning
from schemawalk.schema.model import (
    Action,
    Check,
    Column,
    EnumType,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Schema,
    Table,
    Type,
    Unique,
)
from schemawalk.schema.names import fitted
from tests.engines.migrations import migration, outcome

HOSTILE = (
    "order", "user", "a b", 'say "hi"', "it's", "x;y", "-- no", "/*", "100%", "%s", "$1", "{}",
    "Ünïcode", "日本", "a,b", "(c", "d)", "[e]", "`f`", "back\\slash", "check", "new\nline",
    "CamelCase", "x" * 70,
)  # fmt: skip
KINDS = (
    "uuid", "text", "integer", "bigint", "numeric", "boolean", "date", "timestamptz",
    "interval", "json", "list", "bytes", "enum", "varchar", "inet",
)  # fmt: skip


class _Namer:
    """Names that are hostile, and different from each other in every database."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.count = draw, 0

    def __call__(self, start: str) -> str:
        self.count += 1
        middle = self.draw(st.sampled_from(HOSTILE))
        return fitted(f"{start}{self.count} {middle}")


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    """One to four tables with keys, rules and references of all kinds, cycles included."""
    name = _Namer(draw)
    values = draw(st.lists(st.sampled_from(HOSTILE[:20]), min_size=2, max_size=4, unique=True))
    enum = EnumType(name("E"), tuple(values))
    tables: list[Table] = []
    for _ in range(draw(st.integers(1, 4))):
        tables.append(draw(_table(name, enum, tuple(tables))))
    if len(tables) > 1 and draw(st.booleans()):
        tables[0] = draw(_referring(name, tables[0], tables[-1], "SET NULL", deferred=True))
    return Schema(tuple(tables), (enum,))


@st.composite
def _table(draw: st.DrawFn, name: _Namer, enum: EnumType, earlier: tuple[Table, ...]) -> Table:
    counting = draw(st.booleans())
    identity = (
        Column(name("id"), Type("bigint"), identity=True)
        if counting
        else Column(name("id"), Type("uuid"), default=Call("uuid"))
    )
    kinds = draw(st.lists(st.sampled_from(KINDS), max_size=6))
    columns = tuple(draw(_column(name, kind, enum)) for kind in kinds)
    columns += tuple(
        draw(_generated(name, column)) for column in columns if _followed(column, draw)
    )
    table = Table(name("T"), (identity, *columns), PrimaryKey(name("pk"), (identity.name,)))
    table = replace(
        table,
        checks=tuple(draw(_check(name, c)) for c in columns if draw(st.booleans()) and _ruled(c)),
        uniques=tuple(draw(_unique(name, c)) for c in columns if _various(c, draw)),
        indexes=tuple(draw(_index(name, c, columns)) for c in columns if draw(st.booleans())),
    )
    for parent in earlier:
        if draw(st.booleans()):
            action = draw(st.sampled_from(get_args(Action)))
            table = draw(_referring(name, table, parent, action))
    if draw(st.booleans()):
        table = draw(_referring(name, table, table, "CASCADE"))
    return table


def _followed(column: Column, draw: st.DrawFn) -> bool:
    return column.type.name in ("text", "integer", "date", "timestamptz") and draw(st.booleans())


@st.composite
def _generated(draw: st.DrawFn, name: _Namer, column: Column) -> Column:
    """A column that follows from another one."""
    draw(st.just(None))
    rule, type_ = {
        "text": ("lower(x) || '!'", "text"),
        "integer": ("x * 2 - 1", "integer"),
        "date": ("x + 30 days", "date"),
        "timestamptz": ("year(x)", "integer"),
    }[column.type.name]
    told = explicit(parse(rule), {"x": Meaning(column.type)})
    made = renamed(told, {"x": column.name})
    return Column(name("g"), Type(type_), column.nullable, generated=made)  # type: ignore[arg-type]


def _ruled(column: Column) -> bool:
    ruled = ("text", "integer", "bigint", "numeric", "date", "timestamptz")
    return column.generated is None and column.type.name in ruled


def _various(column: Column, draw: st.DrawFn) -> bool:
    """Whether to make a column UNIQUE: one that has values enough for several rows."""
    few = ("boolean", "enum", "json", "list")
    if column.generated is not None:
        return False
    return column.type.name not in few and column.default is None and draw(st.booleans())


@st.composite
def _column(draw: st.DrawFn, name: _Namer, kind: str, enum: EnumType) -> Column:
    type_ = Type(kind, enum=enum.name if kind == "enum" else None)  # type: ignore[arg-type]
    if kind == "varchar":
        type_ = Type("varchar", precision=draw(st.integers(8, 90)))
    if kind == "numeric":
        type_ = Type("numeric", precision=8, scale=draw(st.integers(0, 3)))
    default = Call("now") if kind == "timestamptz" and draw(st.booleans()) else None
    return Column(name("c"), type_, nullable=draw(st.booleans()), default=default)


@st.composite
def _check(draw: st.DrawFn, name: _Namer, column: Column) -> Check:
    subject = Name(column.name)
    match column.type.name:
        case "text":
            words = tuple(Literal(word) for word in HOSTILE[:12])
            rules: tuple[Expression, ...] = (
                In(subject, words),
                Matches(subject, "^[a-z]+@[a-z']+$"),
                Compare("<=", Call("length", (subject,)), Literal(draw(st.integers(3, 90)))),
                Not(Call("blank", (subject,))),
            )
            return Check(name("ck"), draw(st.sampled_from(rules)))
        case "date" | "timestamptz":
            return Check(name("ck"), Compare(">", subject, Literal("2001-02-03")))
        case _:
            low = draw(st.integers(-5, 5))
            rule = Compare(">=", subject, Literal(low))
            high = Compare("<", subject, Literal(low + draw(st.integers(2, 2000))))
            numeric: tuple[Expression, ...] = (rule, Logic("and", (rule, high)))
            return Check(name("ck"), draw(st.sampled_from(numeric)))


@st.composite
def _unique(draw: st.DrawFn, name: _Namer, column: Column) -> Unique:
    draw(st.just(None))
    return Unique(name("uq"), (column.name,))


@st.composite
def _index(draw: st.DrawFn, name: _Namer, column: Column, columns: tuple[Column, ...]) -> Index:
    other = draw(st.sampled_from(columns))
    parts = tuple(
        IndexPart(part.name, draw(st.booleans())) for part in dict.fromkeys((column, other))
    )
    predicate = IsNull(Name(other.name), draw(st.booleans())) if draw(st.booleans()) else None
    return Index(name("ix"), parts, predicate=predicate)


@st.composite
def _referring(
    draw: st.DrawFn,
    name: _Namer,
    table: Table,
    parent: Table,
    action: Action,
    deferred: bool = False,
) -> Table:
    key = parent.columns[0]
    inside = table.name == parent.name
    nullable = action == "SET NULL" or inside or draw(st.booleans())
    column = Column(name("r"), Type(key.type.name), nullable=nullable)
    made = ForeignKey(
        name("fk"),
        (column.name,),
        parent.name,
        (key.name,),
        action,
        deferred=deferred,
    )
    return replace(
        table,
        columns=(*table.columns, column),
        foreign_keys=(*table.foreign_keys, made),
    )


@given(schema=schemas())
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_schema_is_proven(engine: Engine, schema: Schema) -> None:
    """Up, catalogue, down, rows: nothing fails, and nothing is left untried."""
    proof = prove(engine, *migration(schema, engine))
    assert outcome(proof) == []
    assert engine.leftovers() == ()
