"""How SQLAlchemy and Python call each logical type, for each database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Type, TypeName

ANNOTATIONS: Final[Mapping[TypeName, str]] = {
    "uuid": "uuid.UUID",
    "text": "str",
    "varchar": "str",
    "integer": "int",
    "bigint": "int",
    "numeric": "Decimal",
    "boolean": "bool",
    "date": "dt.date",
    "timestamptz": "dt.datetime",
    "interval": "dt.timedelta",
    "json": "dict[str, Any]",
    "list": "list[str]",
    "bytes": "bytes",
    "inet": "str",
    "enum": "str",
}
"""What Python code sees."""

_POSTGRESQL: Final[Mapping[TypeName, str]] = {
    "uuid": "sa.Uuid()",
    "text": "sa.Text()",
    "varchar": "sa.String({precision})",
    "integer": "sa.Integer()",
    "bigint": "sa.BigInteger()",
    "numeric": "sa.Numeric({precision})",
    "boolean": "sa.Boolean()",
    "date": "sa.Date()",
    "timestamptz": "sa.DateTime(timezone=True)",
    "interval": "sa.Interval()",
    "json": "postgresql.JSONB(none_as_null=True)",
    "list": "postgresql.ARRAY(sa.Text())",
    "bytes": "sa.LargeBinary()",
    "inet": "postgresql.INET()",
}
_SQLITE: Final[Mapping[TypeName, str]] = {
    "uuid": "UuidText()",
    "text": "sa.Text()",
    "varchar": "sa.Text()",
    "integer": "sa.Integer()",
    "bigint": "sa.Integer()",
    "numeric": "DecimalReal({precision})",
    "boolean": "BooleanInteger()",
    "date": "DateText()",
    "timestamptz": "MomentText()",
    "interval": "SecondsInteger()",
    "json": "JsonText()",
    "list": "JsonText()",
    "bytes": "sa.LargeBinary()",
    "inet": "sa.Text()",
    "enum": "sa.Text()",
}
MODEL_TYPES: Final[Mapping[str, Mapping[TypeName, str]]] = {
    "postgresql": _POSTGRESQL,
    "sqlite": _SQLITE,
}
"""Types of the models by database; `{precision}` is a numeric's precision and scale, if any."""

_MIGRATION_SQLITE: Final[Mapping[str, str]] = {
    "TEXT": "sa.Text()",
    "INTEGER": "sa.Integer()",
    "REAL": "sa.REAL()",
    "BLOB": "sa.LargeBinary()",
}
"""SQLAlchemy's type by declared type: a STRICT table has no others."""


def model_type(type_: Type, database: str, collation: str = "") -> str:
    """Source of the type for `mapped_column`; of an enum's type the models have their own."""
    made = MODEL_TYPES[database][type_.name].format(precision=_precision(type_))
    return _collated(made, collation)


def migration_type(type_: Type, dialect: Dialect, collation: str = "") -> str:
    """Source of the type in a migration, which knows no types of the models."""
    if dialect.name == "sqlite":
        return _collated(_MIGRATION_SQLITE[dialect.type(type_)], collation)
    return (
        _POSTGRESQL[type_.name].format(precision=_precision(type_)).replace("none_as_null=True", "")
    )


def _collated(source: str, collation: str) -> str:
    """A text's type with its collation, if it has one."""
    return source.replace("()", f'(collation="{collation}")') if collation else source


def _precision(type_: Type) -> str:
    if type_.precision is None:
        return ""
    if type_.name == "varchar":
        return str(type_.precision)
    return f"{type_.precision}, {type_.scale or 0}"


MAPPED: Final[Mapping[str, TypeName]] = {
    "uuid.UUID": "uuid",
    "str": "text",
    "int": "integer",
    "bool": "boolean",
    "dt.date": "date",
    "dt.datetime": "timestamptz",
    "dt.timedelta": "interval",
    "dict[str, Any]": "json",
    "list[str]": "list",
    "bytes": "bytes",
}
"""The type that an annotation stands for by itself, through the models' `type_annotation_map`."""


def goes_without_saying(type_: Type) -> bool:
    """Whether the annotation alone says which type it is."""
    return MAPPED.get(ANNOTATIONS[type_.name]) == type_.name


@dataclass(frozen=True, slots=True)
class Decorator:
    """The source of a class that stores a Python type in a type that SQLite has."""

    name: str
    source: str
    imports: tuple[str, ...] = ()


_UUID = '''
class UuidText(sa.TypeDecorator[uuid.UUID]):
    """A UUID, stored as its 36 characters."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: uuid.UUID | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> uuid.UUID | None:
        return None if value is None else uuid.UUID(value)
'''
_MOMENT = '''
class MomentText(sa.TypeDecorator[dt.datetime]):
    """A moment, stored as ISO 8601 in UTC with milliseconds: 2024-05-31T08:30:00.000Z."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone: give it one")
        moment = value.astimezone(dt.UTC).replace(tzinfo=None)
        return moment.isoformat(timespec="milliseconds") + "Z"

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> dt.datetime | None:
        return None if value is None else dt.datetime.fromisoformat(value)
'''
_DATE = '''
class DateText(sa.TypeDecorator[dt.date]):
    """A day, stored as YYYY-MM-DD."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: dt.date | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> dt.date | None:
        return None if value is None else dt.date.fromisoformat(value)
'''
_SECONDS = '''
class SecondsInteger(sa.TypeDecorator[dt.timedelta]):
    """A length of time, stored as whole seconds."""

    impl = sa.Integer
    cache_ok = True

    def process_bind_param(self, value: dt.timedelta | None, dialect: sa.Dialect) -> int | None:
        return None if value is None else round(value.total_seconds())

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> dt.timedelta | None:
        return None if value is None else dt.timedelta(seconds=value)
'''
_BOOLEAN = '''
class BooleanInteger(sa.TypeDecorator[bool]):
    """True or false, stored as 1 or 0."""

    impl = sa.Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: sa.Dialect) -> int | None:
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> bool | None:
        return None if value is None else bool(value)
'''
_DECIMAL = '''
class DecimalReal(sa.TypeDecorator[Decimal]):
    """A decimal number, stored as a floating-point number and rounded to its scale when read."""

    impl = sa.REAL
    cache_ok = True

    def __init__(self, precision: int | None = None, scale: int | None = None) -> None:
        super().__init__()
        self.precision = precision
        self.scale = scale

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> float | None:
        return None if value is None else float(value)

    def process_result_value(self, value: float | None, dialect: sa.Dialect) -> Decimal | None:
        if value is None:
            return None
        number = Decimal(str(value))
        return number if self.scale is None else round(number, self.scale)
'''
_JSON = '''
class JsonText(sa.TypeDecorator[Any]):
    """A JSON value, stored as text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:
        return None if value is None else json.loads(value)
'''

DECORATORS: Final = (
    Decorator("UuidText", _UUID, ("import uuid",)),
    Decorator("MomentText", _MOMENT, ("import datetime as dt",)),
    Decorator("DateText", _DATE, ("import datetime as dt",)),
    Decorator("SecondsInteger", _SECONDS, ("import datetime as dt",)),
    Decorator("BooleanInteger", _BOOLEAN),
    Decorator("DecimalReal", _DECIMAL, ("from decimal import Decimal",)),
    Decorator("JsonText", _JSON, ("import json", "from typing import Any")),
)
"""In the order in which the models define those that they need."""
