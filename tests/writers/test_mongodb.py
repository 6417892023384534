"""Scripts for MongoDB: right by the manual, and what they accept is what SQL accepts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import strategies as st

from schemawalk.design.model import Design
from schemawalk.design.whole import Keeping, Stack
from schemawalk.rows.judgement import clash, keys
from schemawalk.rows.planned import NoRowError, Rows, Wish
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.language.expression import IsNull, Name
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.model import Column, Index, IndexPart, Schema, Table, Type, Unique
from schemawalk.schema.things import View, ViewColumn
from schemawalk.writers import mongodb
from tests.engines.test_any_schema import schemas
from tests.judges.batch import cases
from tests.schema.designs import entity, fact, pattern, shop
from tests.schema.rentals import rentals
from tests.schemas import column, index, key, library
from tests.writers.mongodb_documents import broken, collection_of, document, judge


def held(schema: Schema) -> Schema:
    """The schema as MongoDB holds it."""
    return fit(schema, "mongodb").schema


def of(design: Design) -> Schema:
    """The schema of a design whose database is MongoDB, fitted."""
    stack = design.stack.model_copy(update={"database": "mongodb"})
    return held(derive(design.model_copy(update={"stack": stack})).schema)


def scripts(schema: Schema, **more: Any) -> dict[str, Any]:
    """Both scripts of a fitted schema, with what is to be tried on them."""
    return {"up": mongodb.up(schema), "down": mongodb.down(schema), **more}


LIBRARY = held(library())
SCHEMAS = {"library": LIBRARY, "rentals": of(rentals()), "shop": of(shop())}


@pytest.fixture(scope="module")
def verdicts() -> dict[str, dict[str, Any]]:
    """What the judge says of documents for each table of all schemas, good ones and bad ones."""
    said = {}
    for name, schema in SCHEMAS.items():
        tried = _tried(schema)
        documents = [[collection, doc] for _, collection, doc, _ in tried]
        (found,) = judge(scripts(schema, documents=documents))
        said[name] = found | {"tried": tried}
    return said


def _tried(schema: Schema) -> list[tuple[str, str, Any, bool]]:
    """What it is, its collection, the document, and whether it has to be accepted."""
    tried: list[tuple[str, str, Any, bool]] = []
    for table in schema.tables:
        made = collection_of(schema, table.name)
        row = Rows(schema, "mongodb").add(table)
        whole = document(made.document, row)
        sparse = Rows(schema, "mongodb").add(table, Wish(sparse=True))
        short = document(made.document, sparse, empty=False)
        good = {"a row": whole, "without what may be left out": short}
        bad = {"a field too many": {**whole, "stranger": 1}}
        for field in made.document.fields:
            other = {"$regularExpression": {"pattern": "x", "options": ""}}
            bad[f"{field.name} of another type"] = {**whole, field.name: other}
            if not field.column.nullable:
                bad[f"{field.name} is null"] = {**whole, field.name: None}
                bad[f"without {field.name}"] = {n: v for n, v in whole.items() if n != field.name}
        bad |= {f"breaks {n}": document(made.document, r) for n, r in broken(schema, table)}
        tried += [(f"{made.name}: {n}", made.name, d, True) for n, d in good.items()]
        tried += [(f"{made.name}: {n}", made.name, d, False) for n, d in bad.items()]
    return tried


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_script_uses_only_what_the_manual_knows(
    verdicts: dict[str, dict[str, Any]], name: str
) -> None:
    assert verdicts[name]["faults"] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_way_back_drops_all_that_was_made(
    verdicts: dict[str, dict[str, Any]], name: str
) -> None:
    assert verdicts[name]["made"]
    assert verdicts[name]["left"] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_document_is_taken_where_sql_takes_the_row_and_refused_where_it_refuses(
    verdicts: dict[str, dict[str, Any]], name: str
) -> None:
    """One of each table, and one for every rule that breaks it."""
    tried, said = verdicts[name]["tried"], verdicts[name]["verdicts"]
    assert sum(not good for *_, good in tried) > 10
    for (what, _, doc, good), verdict in zip(tried, said, strict=True):
        assert verdict["accepted"] is good, (what, doc, verdict)


def test_a_day_is_refused_with_a_time_of_day() -> None:
    table = LIBRARY.table("readers")
    row = Rows(LIBRARY, "mongodb").add(table, Wish(fixed={"born_on": "2001-02-03"}))
    good = document(collection_of(LIBRARY, "readers").document, row)
    bad = {**good, "born_on": {"$date": {"$numberLong": "1"}}}
    (said,) = judge(scripts(LIBRARY, documents=[["readers", good], ["readers", bad]]))
    assert [verdict["accepted"] for verdict in said["verdicts"]] == [True, False]


# Keys


def _keyed() -> Schema:
    """One table with every sort of uniqueness."""
    people = Table(
        "people",
        (
            column("id", "uuid"),
            column("code", "text", null=True),
            replace(column("email", "text"), collation="any-case"),
            column("team", "integer", null=True),
            column("seat", "integer"),
            column("name", "text"),
            column("deleted_at", "timestamptz", null=True),
            column("born_on", "date", null=True),
            column("active", "boolean"),
        ),
        key("people"),
        uniques=(
            Unique("uq_code", ("code",)),
            Unique("uq_email", ("email",)),
            Unique("uq_seat", ("team", "seat")),
        ),
        indexes=(
            _only("uq_name_live", "name", "deleted_at is null"),
            _only("uq_day", "seat", "born_on >= '2001-01-01' and active"),
            _only("uq_known", "born_on", "deleted_at is not null and not active"),
        ),
    )
    return Schema((people,))


def _only(name: str, field: str, where: str) -> Index:
    return Index(name, (IndexPart(field),), unique=True, predicate=parse(where))


_PEOPLE = st.fixed_dictionaries({
    "code": st.sampled_from([None, "a"]),
    "email": st.sampled_from(["x@y", "X@Y", "z@y"]),
    "team": st.sampled_from([None, 1]),
    "seat": st.sampled_from([1, 2]),
    "name": st.sampled_from(["n", "m"]),
    "deleted_at": st.sampled_from([None, "2026-01-01T00:00:00.000Z"]),
    "born_on": st.sampled_from([None, "2000-12-31", "2001-01-01"]),
    "active": st.booleans(),
})  # fmt: skip


def test_two_documents_clash_where_two_rows_do() -> None:
    """NULLs differ, conditions of partial keys count, and so does upper case where it says so."""
    schema = held(_keyed())
    assert fit(_keyed(), "mongodb").findings == ()
    table = schema.table("people")
    made = collection_of(schema, "people").document
    pairs, wanted = [], []
    for one, other in cases(st.tuples(_PEOPLE, _PEOPLE), 300):
        first = {"id": "00000001-0000-4000-8000-000000000000", **one}
        second = {"id": "00000002-0000-4000-8000-000000000000", **other}
        pairs.append(["people", document(made, first), document(made, second, empty=False)])
        wanted.append({k.name for k in keys(table) if clash(k, first, second)})
    (said,) = judge(scripts(schema, pairs=pairs))
    assert said["faults"] == []
    assert {name for names in wanted for name in names} == {k.name for k in keys(table)[1:]}
    for names, found, pair in zip(wanted, said["clashes"], pairs, strict=True):
        assert set(found) == names, pair


def test_a_condition_that_no_index_can_say_is_a_finding() -> None:
    """Uniqueness is lost then, and the index only helps to look."""
    people = _keyed().tables[0]
    odd = replace(people, indexes=(_only("uq_odd", "name", "length(name) > 3"),))
    plain = replace(people, indexes=(index("ix_odd", "name", where="name <> 'x'"),))
    found = fit(Schema((odd,)), "mongodb")
    assert [each.rule for each in found.findings] == ["mongodb-refused-partial-unique"]
    assert not found.schema.tables[0].indexes[0].unique
    found = fit(Schema((plain,)), "mongodb")
    assert [each.rule for each in found.findings] == ["mongodb-lossy-partial"]
    assert found.schema.tables[0].indexes[0].predicate is None


def test_words_lists_and_documents_get_the_index_that_looks_into_them() -> None:
    kinds = {"id": "uuid", "title": "text", "body": "text", "tags": "list", "data": "json"}
    columns = tuple(column(name, kind) for name, kind in kinds.items())
    indexes = (
        index("ix_title", "title", method="fulltext"),
        index("ix_body", "body", method="fulltext"),
        index("ix_tags", "tags", method="gin"),
        index("ix_data", "data", method="gin"),
    )
    schema = held(Schema((Table("notes", columns, key("notes"), indexes=indexes),)))
    (said,) = judge(scripts(schema))
    assert said["faults"] == []
    found = {each["name"]: dict(each["fields"]) for each in said["made"]["notes"]["indexes"]}
    assert found == {
        "ix_title": {"title": "text", "body": "text"},
        "ix_tags": {"tags": 1},
        "ix_data": {"data.$**": 1},
    }


# What goes by itself, and what is hidden


def _logs(**more: Any) -> Design:
    line = entity("Log line", fact("log_line", "said", kind="short-text", required="start"),
                  fact("log_line", "created_at", required="start", default="now"),
                  archetype="event", **more)  # fmt: skip
    return Design(entities=(line,), stack=Stack(database="mongodb"),
                  keeping=Keeping(cleanup="job"))  # fmt: skip


def test_what_is_kept_for_a_time_goes_by_itself() -> None:
    """Months count as their longest: nothing goes too early."""
    (said,) = judge(scripts(of(_logs(keep_for="2 months"))))
    assert said["faults"] == []
    (found,) = (i for i in said["made"]["log_lines"]["indexes"] if "expireAfterSeconds" in i)
    assert found["fields"] == [["created_at", 1]]
    assert found["expireAfterSeconds"] == 62 * 86_400
    (said,) = judge(scripts(of(_logs(keep_for="forever"))))
    assert not any("expireAfterSeconds" in i for i in said["made"]["log_lines"]["indexes"])


def test_the_index_by_which_documents_go_is_also_the_one_that_sorts_them() -> None:
    """One field is read in either direction: two indexes over it would be one too many."""
    newest = pattern("newest", "log_line", sort=("-created_at",), rows=50_000, often="constantly")
    logs = _logs(keep_for="2 months").model_copy(update={"access_patterns": (newest,)})
    (said,) = judge(scripts(of(logs)))
    by_time = [i for i in said["made"]["log_lines"]["indexes"]
               if [name for name, _ in i["fields"]] == ["created_at"]]  # fmt: skip
    assert [each["expireAfterSeconds"] for each in by_time] == [62 * 86_400]


def test_a_view_shows_the_documents_that_sql_would_show() -> None:
    readers = LIBRARY.table("readers")
    shown = tuple(ViewColumn(c.name, Name(c.name)) for c in readers.columns if c.name != "email")
    view = View("young", "readers", shown, predicate=parse("born_on >= '2001-01-01'"))
    schema = held(replace(library(), around=(view,)))
    rows = Rows(schema, "mongodb")
    born = (None, "2000-12-31", "2001-01-01")
    made = collection_of(schema, "readers").document
    documents = [["readers", document(made, rows.add(readers, Wish(fixed={"born_on": day})))]
                 for day in born]  # fmt: skip
    (said,) = judge(scripts(schema, documents=documents))
    assert said["faults"] == []
    assert said["shown"] == [[], [], ["young"]]
    assert said["made"]["young"]["pipeline"][1] == {"$unset": ["email"]}
    assert said["left"] == []


def test_a_soft_delete_gets_its_view() -> None:
    schema = of(shop(keeping=Keeping(deletion="soft")))
    live = [view for view in schema.things(View) if view.predicate == IsNull(Name("deleted_at"))]
    (said,) = judge(scripts(schema))
    assert said["faults"] == []
    assert {view.name for view in live} <= said["made"].keys()
    assert live


# Whatever it is called

_NAMES = st.text(max_size=12) | st.sampled_from([
    "__proto__", "constructor", "toString", "$where", "a.b", ".", "$", "system.users", "_id",
    "`", "${1}", "*/", "//", "\u2028", "\x00", "'", '"', "\\", "</script>", "x\ny", "\u202e",
])  # fmt: skip


@st.composite
def _hostile(draw: st.DrawFn) -> Schema:
    names = draw(st.lists(_NAMES, min_size=6, max_size=6, unique=True))
    texts = draw(st.lists(_NAMES, min_size=2, max_size=3, unique=True))
    words = ", ".join("'" + text.replace("'", "''") + "'" for text in texts)
    columns = tuple(Column(n, Type("text"), purpose=texts[0], nullable=at > 2)
                    for at, n in enumerate(names[:4]))  # fmt: skip
    table = Table(
        names[4], columns, key(names[4], columns[0].name), purpose=texts[1], because=texts[0],
        uniques=(Unique("uq", (columns[1].name, columns[3].name), texts[0]),),
    )  # fmt: skip
    checks = (_named(columns[1], f"x in ({words})"), _named(columns[2], f"x <> {words[:0]}'$a'"))
    return Schema((replace(table, checks=checks),))


def _named(subject: Column, text: str) -> Any:
    from schemawalk.schema.language.expression import renamed
    from schemawalk.schema.model import Check

    rule = renamed(parse(text), {"x": subject.name})
    return Check(f"ck {subject.name}", rule, subject.purpose)


def test_text_never_becomes_code() -> None:
    """Names, values and comments that look like code make one collection with these fields."""
    made = [held(schema) for schema in cases(_hostile(), 150)]
    tried = []
    for schema in made:
        row = Rows(schema, "mongodb").add(schema.tables[0])
        collection = collection_of(schema, schema.tables[0].name)
        tried.append(scripts(schema, documents=[[collection.name, document(
            collection.document, row)]]))  # fmt: skip
    for schema, case, said in zip(made, tried, judge(*tried), strict=True):
        assert said["faults"] == [], case["up"]
        assert len(said["made"]) == 1, case["up"]
        assert len(next(iter(said["made"].values()))["fields"]) == 4
        assert [v["accepted"] for v in said["verdicts"]] == [True], (case, said["verdicts"])
        assert said["left"] == []
        assert schema.tables


def test_any_schema_is_held() -> None:
    """Random tables with rules of all kinds: the script is right, and takes a row of each."""
    made = [held(schema) for schema in cases(schemas(), 60)]
    tried = [scripts(schema, documents=_rows_of(schema)) for schema in made]
    for case, said in zip(tried, judge(*tried), strict=True):
        assert said["faults"] == [], case["up"]
        for (collection, doc), verdict in zip(case["documents"], said["verdicts"], strict=True):
            assert verdict["accepted"], (collection, doc, verdict, case["up"])


def _rows_of(schema: Schema) -> list[list[Any]]:
    rows, found = Rows(schema, "mongodb"), []
    for table in schema.tables:
        try:
            row = rows.add(table)
        except NoRowError:
            continue
        made = collection_of(schema, table.name)
        found.append([made.name, document(made.document, row)])
    return found


# The judge itself

MUTATIONS = (
    ('bsonType: "date"', 'bsonType: "datetime"'),
    ("additionalProperties: false", "additionalProperty: false"),
    ('required: ["_id", "name", "created_at"]', 'required: ["_id", "nom", "created_at"]'),
    ("unique: true", "uniq: true"),
    ("{ head_id: 1 }", "{ head: 1 }"),
    ("{ head_id: 1 }", '{ head_id: "up" }'),
    (
        "partialFilterExpression: { active: true }",
        "partialFilterExpression: { active: { $ne: 1 } }",
    ),
    ("$dateTrunc", "$dateCut"),
    ('{ status: { $ne: "back" } }', '{ status: { $neq: "back" } }'),
    ("{ ended_at: { $ne: null } }", "{ end_at: { $ne: null } }"),
    ('"$ended_at"', '"$end_at"'),
    ('db.createCollection("branches"', 'db.createCollections("branches"'),
    ("exclusiveMinimum: true", "exclusiveMinimum: 5"),
    ('name: "ix_books_series_id"', 'name: "ix_books_order"'),
    ('validationAction: "error"', 'validationAction: "fail"'),
    ("properties: {", 'properties: { "a.b": {},'),
)


def test_a_mistake_in_a_script_is_noticed() -> None:
    """Otherwise the tests above would say nothing."""
    up, down = mongodb.up(LIBRARY), mongodb.down(LIBRARY)
    assert all(before in up for before, _ in MUTATIONS)
    said = judge(*({"up": up.replace(*each, 1), "down": down} for each in MUTATIONS))
    for mutation, found in zip(MUTATIONS, said, strict=True):
        assert found["faults"], mutation
    less = "".join(down.splitlines(keepends=True)[:-1])
    assert judge({"up": up, "down": less})[0]["left"] == ["branches"]


def test_the_same_schema_gives_the_same_script() -> None:
    assert mongodb.up(LIBRARY) == mongodb.up(held(library()))
    assert mongodb.up(LIBRARY).startswith("// Written by schemawalk from schemawalk.toml:")
