"""The same rule for programs and documents: what they accept is what a CHECK accepts."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import strategies as st

from schemawalk.engines.server import Server
from schemawalk.schema.dialects.registry import POSTGRESQL, SQLITE
from schemawalk.schema.language.evaluation import evaluate, holds
from schemawalk.schema.language.explicit import explicit
from schemawalk.schema.language.expression import Expression
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.model import Type
from schemawalk.schema.rendering import NotRenderedError
from schemawalk.schema.rendering.django import django
from schemawalk.schema.rendering.mongo import mongo
from schemawalk.schema.rendering.mongo_filter import Made
from schemawalk.schema.rendering.mongo_query import accepted, shown
from schemawalk.schema.rendering.sqlalchemy import sqlalchemy
from schemawalk.schema.rendering.typescript import refinement, typescript
from tests.judges.batch import cases
from tests.judges.node import judged
from tests.rules_and_rows import COLUMNS, KNOWN, ROWS, RULES

TIMES = [name for name, kind in COLUMNS.items() if kind in ("date", "timestamptz")]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {n: float(v) if isinstance(v, Decimal) else v for n, v in row.items()}


def _case(rule: Expression, row: dict[str, Any]) -> dict[str, Any]:
    required = [name for name, value in row.items() if value is not None]
    # Half of the rules are told which columns are there, so that both ways of saying it are tried.
    known = required if len(str(rule)) % 2 else []
    return {
        "typescript": typescript(rule, KNOWN, known),
        "mongo": mongo(rule, KNOWN, known),
        "accepted": _in_json(accepted(rule, KNOWN, known)),
        "shown": _in_json(shown(rule, KNOWN, known)),
        "row": _plain(row),
    }


def _in_json(query: Any) -> Any:
    """The query, with what JSON has no form for as an object that the judge reads."""
    match query:
        case Made(by, text):
            return {"$made": by, "text": text}
        case dict():
            return {name: _in_json(inner) for name, inner in query.items()}
        case list():
            return [_in_json(inner) for inner in query]
        case _:
            return query


def test_javascript_and_mongodb_accept_what_a_check_accepts() -> None:
    """Random rules over random rows, unknown values among them; a view shows what is true."""
    found = cases(st.tuples(RULES, ROWS), 400)
    told = [_case(rule, row) for rule, row in found]
    said = judged("rules.mjs", given={"cases": told, "times": TIMES})
    for (rule, row), case, verdict in zip(found, told, said, strict=True):
        meant = holds(explicit(rule, KNOWN), row)
        alike = dict.fromkeys(("typescript", "mongo", "accepted"), meant)
        assert verdict == {**alike, "shown": evaluate(explicit(rule, KNOWN), row) is True}, (
            json.dumps(case)
        )


# SQLAlchemy


def _queried(engine: sa.Engine, text: str, row: dict[str, Any], types: dict[str, str]) -> Any:
    rule = eval(text, {"sa": sa, "Decimal": Decimal})
    given = ", ".join(
        f"CAST(:{n} AS {t}) AS {n}" if t else f":{n} AS {n}" for n, t in types.items()
    )
    source = sa.text(f"(SELECT {given}) AS one")
    with engine.connect() as connection:
        return connection.execute(sa.select(rule).select_from(source), row).scalar_one()


def test_sqlalchemy_says_the_same_on_both_databases(postgresql_server: Server) -> None:
    """The text is Python; what it builds gives what the rule means, unknown included."""
    url = postgresql_server.url().replace("postgresql://", "postgresql+psycopg://")
    types = {n: POSTGRESQL.type(Type(kind)) for n, kind in COLUMNS.items()}
    places = (
        (POSTGRESQL, sa.create_engine(url), types),
        (SQLITE, sa.create_engine("sqlite://"), dict.fromkeys(COLUMNS, "")),
    )
    for rule, row in cases(st.tuples(RULES, ROWS), 150):
        for dialect, engine, typed in places:
            text = sqlalchemy(rule, KNOWN, dialect)
            bound = _plain(row) if dialect is SQLITE else _lasting(row)
            said = _queried(engine, text, bound, typed)
            meant = evaluate(explicit(rule, KNOWN), row)
            assert (None if said is None else bool(said)) is meant, text
    for _, engine, _ in places:
        engine.dispose()


def _lasting(row: dict[str, Any]) -> dict[str, Any]:
    return {
        n: f"{v} seconds" if COLUMNS[n] == "interval" and v is not None else v
        for n, v in row.items()
    }


# Django


@pytest.fixture(scope="module")
def fields() -> dict[str, Any]:
    """Django's fields by column, with an SQLite in memory behind them."""
    import django as framework
    from django.conf import settings as configured
    from django.db import models

    memory = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    if not configured.configured:
        configured.configure(DATABASES={"default": memory}, USE_TZ=True, TIME_ZONE="Europe/Berlin")
        framework.setup()
    by_type = {
        "integer": models.IntegerField(),
        "bigint": models.BigIntegerField(),
        "numeric": models.DecimalField(max_digits=12, decimal_places=2),
        "text": models.TextField(),
        "date": models.DateField(),
        "timestamptz": models.DateTimeField(),
        "interval": models.DurationField(),
        "boolean": models.BooleanField(),
    }
    return {name: by_type[kind] for name, kind in COLUMNS.items()}


def _as_python(name: str, value: Any) -> Any:
    if value is None:
        return None
    match COLUMNS[name]:
        case "date":
            return dt.date.fromisoformat(value)
        case "timestamptz":
            return dt.datetime.fromisoformat(value)
        case "interval":
            return dt.timedelta(seconds=value)
        case _:
            return value


def test_django_accepts_what_a_check_accepts(fields: dict[str, Any]) -> None:
    """The text is a Q; asked as Django validates a constraint, it says what the rule says."""
    from django.db import models
    from django.db.models import functions, lookups

    names = {
        "models": models, "functions": functions, "lookups": lookups, "dt": dt, "Decimal": Decimal,
    }  # fmt: skip
    told = 0
    for rule, row in cases(st.tuples(RULES, ROWS), 300):
        try:
            text = django(rule, KNOWN)
        except NotRenderedError:
            continue
        told += 1
        given = {
            name: models.Value(_as_python(name, value), output_field=fields[name])
            for name, value in row.items()
        }
        assert eval(text, names).check(given) is holds(explicit(rule, KNOWN), row), text
    assert told > 150


@pytest.mark.parametrize(
    ("rule", "typescript_", "django_", "sqlalchemy_"),
    [
        ("size > 0", "row.size > 0", "models.Q(size__gt=0)", "sa.column('size') > 0"),
        (
            "if active then ended_at is not null",
            "row.active == null || !row.active || row.ended_at != null",
            "models.Q(lookups.Exact(models.F('active'), False)) | "
            "models.Q(lookups.IsNull(models.F('ended_at'), False))",
            "sa.or_(sa.not_(sa.column('active')), sa.column('ended_at').is_not(None))",
        ),
        (
            "ended_at - begun_at <= 2 hours",
            "row.ended_at == null || row.begun_at == null || "
            "((Date.parse(row.ended_at) - Date.parse(row.begun_at)) / 1000) <= (2 * 3600)",
            "models.Q(lookups.LessThanOrEqual(models.ExpressionWrapper(models.F('ended_at') - "
            "models.F('begun_at'), output_field=models.DurationField()), "
            "models.Value(dt.timedelta(hours=2))))",
            "",
        ),
    ],
)
def test_what_is_written_can_be_read(
    rule: str, typescript_: str, django_: str, sqlalchemy_: str
) -> None:
    expression = parse(rule)
    assert typescript(expression, KNOWN, ("size",)) == typescript_
    assert django(expression, KNOWN) == django_
    assert not sqlalchemy_ or sqlalchemy(expression, KNOWN, SQLITE) == sqlalchemy_


def test_a_refinement_says_what_is_wrong() -> None:
    said = refinement(parse("size > 0"), 'not "big" enough', KNOWN, ("size",))
    assert said == '.refine((row) => row.size > 0, { error: "not \\"big\\" enough" })'


def test_sql_of_one_database_is_not_told_in_other_languages() -> None:
    own = parse("postgresql: size % 2 = 0")
    for render in (mongo, typescript, django):
        with pytest.raises(NotRenderedError, match="postgresql's own SQL"):
            render(own, KNOWN)
    with pytest.raises(NotRenderedError, match="postgresql's own SQL"):
        sqlalchemy(own, KNOWN, SQLITE)
    assert "size % 2 = 0" in sqlalchemy(own, KNOWN, POSTGRESQL)
