"""Mermaid: its own reader finds in the diagram what is in the schema."""

from __future__ import annotations

from typing import Any

from schemawalk.design.model import Design
from schemawalk.schema.model import Schema, Table, Unique
from schemawalk.writers.mermaid import LONGEST_REMARK, diagram, files
from schemawalk.writers.work import Work, header
from tests.judges.batch import cases
from tests.judges.node import judged
from tests.schemas import UUID, column, key, library, reference
from tests.writers.test_sql_hostile import hostile

KEYWORDS = (
    "title", "end", "one", "many", "to", "u", "style", "class", "classdef", "subgraph",
    "direction", "direction tb", "only one", "zero or one", "optionally to", "erdiagram",
    "acctitle", "accdescr", "pk", "FK", "uk", "pk-x", "pkä", "1", "0", "o", "1+", "many(0)",
    "a~b~c", "%%", "%%{init: {}}%%", "---", "}", "{", "|o", '"', "`", "a;b", "#35;", "<script>",
    "表", "\U0001d49c", "×", "ª", "-", "*",
)  # fmt: skip


def read(*diagrams: str) -> list[Any]:
    """What Mermaid reads; fails with its words when it refuses one."""
    verdicts: list[Any] = judged("mermaid.mjs", given=diagrams)
    for text, verdict in zip(diagrams, verdicts, strict=True):
        assert verdict["complaint"] is None, f"{verdict['complaint']}\n{text}"
    return verdicts


def counted(schema: Schema) -> tuple[list[int], int]:
    """How many columns each table has, and how many relations there are."""
    return [len(table.columns) for table in schema.tables], len(list(schema.references()))


def found(verdict: Any) -> tuple[list[int], int]:
    """The same counts in what Mermaid read."""
    return [len(each["attributes"]) for each in verdict["entities"]], len(verdict["relations"])


def test_mermaid_reads_every_table_column_and_mark() -> None:
    """Types, keys and remarks arrive as they were meant."""
    (verdict,) = read(diagram(library()))
    assert [each["name"] for each in verdict["entities"]] == [t.name for t in library().tables]
    books = next(each for each in verdict["entities"] if each["name"] == "books")
    said = [tuple(attribute.values()) for attribute in books["attributes"]]
    assert said == [
        ("uuid", "id", ["PK"], ""),
        ("integer", "order", [], ""),
        ("text", "title", [], ""),
        ("book_state", "state", [], ""),
        ("bigint", "price_cents", [], ""),
        ("numeric(6,3)", "weight_kg", [], "optional"),
        ("uuid", "series_id", ["FK"], "optional"),
        ("timestamptz", "created_at", [], "when it was added"),
    ]
    shelves = next(each for each in verdict["entities"] if each["name"] == "branch_books")
    assert [a["keys"] for a in shelves["attributes"]] == [["PK", "FK"], ["PK", "FK"], []]


def test_cardinality_follows_null_and_uniqueness() -> None:
    """Required or not on the parent's side, one or many on the child's."""
    users = Table("users", (UUID,), key("users"))
    profiles = Table(
        "profiles", (UUID, column("user_id", "uuid"), column("boss_id", "uuid", null=True)),
        key("profiles"), uniques=(Unique("uq", ("user_id",)),),
        foreign_keys=(
            reference("profiles", "user_id", "users", "CASCADE"),
            reference("profiles", "boss_id", "users", "SET NULL"),
        ),
    )  # fmt: skip
    (verdict,) = read(diagram(Schema((users, profiles))))
    assert verdict["relations"] == [
        {"a": "users", "b": "profiles", "label": "user_id (CASCADE)", "sides": ["||", "|o"]},
        {"a": "users", "b": "profiles", "label": "boss_id (SET NULL)", "sides": ["|o", "}o"]},
    ]
    assert 'users ||--o| profiles : "user_id (CASCADE)"' in diagram(Schema((users, profiles)))
    assert "uuid user_id FK, UK" in diagram(Schema((users, profiles)))


def test_the_file_has_a_header_and_an_overview_has_no_columns() -> None:
    """A comment line first; and tables without relations are still there."""
    lonely = Schema((*library().tables, Table("notes", (UUID,), key("notes"))), library().enums)
    text = files(Work(Design(), lonely, "postgresql"))["erd.mmd"]
    overview = diagram(lonely, columns=False)
    assert text == header("%%") + diagram(lonely)
    verdict, short = read(text, overview)
    assert found(verdict) == counted(lonely)
    assert found(short) == ([0] * 6, 7)
    assert "{" not in overview.replace("o{", "")


def test_words_of_mermaid_are_names_like_any_other() -> None:
    """As table, column and reference, none changes what is read."""
    schemas = [_named(word) for word in KEYWORDS]
    for schema, verdict in zip(schemas, read(*map(diagram, schemas)), strict=True):
        assert found(verdict) == counted(schema), schema.tables[0].name


def _named(word: str) -> Schema:
    """Two tables, of which one and its columns are called that word, or nearly."""
    parent = Table(word, (UUID, column(word, "text"), column(word + " ", "text")), key(word))
    child = Table(
        word + '"', (UUID, column(word, "uuid")), key("x"),
        foreign_keys=(reference(word + '"', word, word, "CASCADE"),), purpose=word,
    )  # fmt: skip
    return Schema((parent, child))


def test_a_long_purpose_is_cut() -> None:
    """A remark stays short, and cannot leave its quotes."""
    long = column("note", "text")
    told = Table("notes", (type(long)("note", long.type, purpose='"a" b; ' * 40),), key("notes"))
    ((entity,),) = (each["entities"] for each in read(diagram(Schema((told,)))))
    (attribute,) = entity["attributes"]
    assert attribute["comment"].startswith("a b a b")
    assert attribute["comment"].endswith("…")
    assert len(attribute["comment"]) <= LONGEST_REMARK


def test_mermaid_reads_as_much_as_there_is_whatever_it_is_called() -> None:
    """Any names: every table with all its columns, every reference."""
    schemas = [Schema(), *cases(hostile(), 150)]
    for schema, verdict in zip(schemas, read(*map(diagram, schemas)), strict=True):
        assert found(verdict) == counted(schema), diagram(schema)
