"""What lives inside its parent's document, what must stay apart, and what the document says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from schemawalk.delivery import deliver, work_for
from schemawalk.design.model import Design
from schemawalk.design.whole import Stack
from schemawalk.rows.planned import Rows, Wish
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.model import Schema
from schemawalk.writers import mongodb
from tests.judges.node import judged
from tests.schema.designs import entity, fact, link, pattern
from tests.writers.mongodb_documents import Json, collection_of, document, judge


def orders(**update: Any) -> Design:
    """Orders with lines, lines with notes, and one address each; products stand alone."""
    design = Design(
        stack=Stack(database="mongodb"),
        entities=(
            entity("Order", fact("order", "number", kind="identifier", required="start",
                                 unique="alone")),
            entity("Line",
                   fact("line", "sku", kind="identifier", required="start", unique="alone"),
                   fact("line", "place", kind="whole-number", required="start",
                        rules=("place between 1 and 50",), unique="together",
                        unique_with=("order_line",)),
                   fact("line", "due_on", kind="date"),
                   fact("line", "packed_at"), fact("line", "sent_at"),
                   rules=("sent_at >= packed_at",)),
            entity("Note",
                   fact("note", "said", kind="short-text", required="start", length=20),
                   fact("note", "words", kind="whole-number", required="start"),
                   rules=("words <= length(said)",)),
            entity("Address",
                   fact("address", "city", kind="short-text", required="start"),
                   fact("address", "zip", kind="short-text"),
                   rules=("zip <> city",)),
            entity("Product", fact("product", "title", kind="short-text", required="start")),
        ),
        relationships=(
            link("order", "line", embed="embed"),
            link("line", "note", embed="embed"),
            link("order", "address", embed="embed", many_b="no"),
            link("product", "line", embed="reference"),
        ),
        access_patterns=(
            pattern("lines_to_pack", "line", equals=("order_line", "sku"), rows=90_000,
                    fixed=("packed_at is null",), sort=("-due_on",), limit=5, often="constantly"),
            pattern("order_by_number", "order", equals=("number",), rows=90_000,
                    often="constantly"),
            pattern("products_by_words", "product", contains="title", contains_how="words",
                    rows=90_000, often="constantly"),
        ),
    )  # fmt: skip
    return design.model_copy(update=update)


def held(design: Design) -> Schema:
    """The schema as MongoDB holds it."""
    return fit(derive(design).schema, "mongodb").schema


SCHEMA = held(orders())


def _order(lines: int = 2, **wishes: dict[str, Any]) -> Json:
    """An order with lines that each have two notes, and an address; `wishes` are by part."""
    rows = Rows(SCHEMA, "mongodb")

    def wish(part: str, **fixed: Any) -> Wish:
        return Wish(fixed={**fixed, **wishes.get(part, {})}, heedless=_heedless(wishes))

    order = rows.add(SCHEMA.table("orders"))
    for at in range(lines):
        usual = {"order_id": order["id"], "place": at + 1, "packed_at": None}
        line = rows.add(SCHEMA.table("lines"), wish("line", **usual))
        for _ in range(2):
            rows.add(SCHEMA.table("notes"), wish("note", line_id=line["id"], said="ab", words=1))
    rows.add(SCHEMA.table("addresses"), wish("address", order_id=order["id"], city="a", zip="b"))
    return document(collection_of(SCHEMA, "orders").document, order, rows)


def _heedless(wishes: Any) -> frozenset[str]:
    """All rules, where something is wished that breaks one; none otherwise."""
    tables = SCHEMA.tables
    named = [check.name for table in tables for check in table.checks]
    named += [unique.name for table in tables for unique in table.uniques]
    named += [index.name for table in tables for index in table.indexes]
    return frozenset(named if wishes else ())


def _without(doc: Json, *path: Any) -> Json:
    """The document without what lies there."""
    first, *rest = path
    if isinstance(doc, list):
        return [_without(each, *rest) if at == first else each for at, each in enumerate(doc)]
    if not rest:
        return {name: value for name, value in doc.items() if name != first}
    return {n: _without(v, *rest) if n == first else v for n, v in doc.items()}


_TIMES = ("2026-01-02T00:00:00.000Z", "2026-01-01T00:00:00.000Z")

TRIED: dict[str, tuple[Json, bool]] = {
    "an order with everything": (_order(), True),
    "without lines": (_order(0), True),
    "without a list of lines": (_without(_order(), "lines"), True),
    "without an address": (_without(_order(), "address"), True),
    "with no address": ({**_order(), "address": None}, True),
    "a line without its sku": (_without(_order(), "lines", 1, "sku"), False),
    "a line without its packing": (_without(_order(), "lines", 1, "packed_at"), True),
    "a note without words": (_without(_order(), "lines", 1, "notes", 1, "said"), False),
    "an address without a city": (_without(_order(), "address", "city"), False),
    "a line of another shape": ({**_order(), "lines": [{"sku": "x"}]}, False),
    "a field too many inside": ({**_order(), "address": {"city": "x", "country": "y"}}, False),
    "two lines at one place": (_order(line={"place": 7}), False),
    "two lines with one sku": (_order(line={"sku": "same"}), False),
    "a line at no place": (_order(1, line={"place": 51}), False),
    "a line sent before it was packed": (
        _order(1, line={"packed_at": _TIMES[0], "sent_at": _TIMES[1]}), False),
    "a line sent after it was packed": (
        _order(1, line={"packed_at": _TIMES[1], "sent_at": _TIMES[0]}), True),
    "a note with more words than letters": (_order(note={"said": "a", "words": 2}), False),
    "a note that is too long": (_order(note={"said": "a" * 21, "words": 2}), False),
    "an address whose zip is its city": (_order(address={"city": "a", "zip": "a"}), False),
}  # fmt: skip
"""What it is: the document, and whether it is right."""


@pytest.fixture(scope="module")
def said() -> Json:
    """What the judge says of the scripts and of all documents."""
    other = _order(1, line={"sku": "same"})
    documents = [["orders", doc] for doc, _ in TRIED.values()]
    empty = _without(_without(_order(0), "address"), "lines")
    numbered = {**empty, "_id": other["lines"][0]["_id"], "number": "another"}
    pairs = [
        ["orders", _order(1, line={"sku": "same"}), other],
        ["orders", _order(0), other],
        ["orders", empty, numbered],
        ["orders", {**_order(0), "address": None}, numbered],
    ]
    return judge({
        "up": mongodb.up(SCHEMA), "down": mongodb.down(SCHEMA), "documents": documents,
        "pairs": pairs,
    })[0]  # fmt: skip


def test_parts_live_inside_and_their_parents_alone_are_collections(said: Json) -> None:
    assert said["faults"] == []
    assert list(said["made"]) == ["orders", "products"]
    assert said["left"] == []
    assert {"lines", "address"} <= set(said["made"]["orders"]["fields"])


def test_nothing_inside_says_again_where_it_is() -> None:
    order = _order()
    assert set(order["lines"][0]) >= {"_id", "sku", "product_id", "notes"}
    assert "order_id" not in order["lines"][0]
    assert "line_id" not in order["lines"][0]["notes"][0]


@pytest.mark.parametrize("what", TRIED)
def test_rules_hold_inside_as_they_do_in_tables(said: Json, what: str) -> None:
    at = list(TRIED).index(what)
    doc, good = TRIED[what]
    assert said["verdicts"][at]["accepted"] is good, (doc, said["verdicts"][at])


def test_a_key_inside_keeps_documents_apart(said: Json) -> None:
    assert "uq_lines_sku" in said["clashes"][0]
    assert "uq_lines_sku" not in said["clashes"][1]


def test_documents_with_nothing_inside_do_not_clash(said: Json) -> None:
    """What is missing is NULL in an index, and a unique one takes a single NULL."""
    assert said["clashes"][2:] == [[], []]


@pytest.mark.parametrize(
    ("links", "reason"),
    [
        ((link("order", "line", embed="embed", optional="yes"),), "not every one has such a home"),
        ((link("order", "line", embed="embed"), link("line", "product")),
         "products could not refer to it"),
        ((link("order", "line", embed="embed"), link("product", "line", embed="embed")),
         "would have to live in orders as well"),
        ((link("order", "order", embed="embed", itself="tree", optional="no"),),
         "each would live inside the other"),
    ],
)  # fmt: skip
def test_what_cannot_live_inside_stays_apart_and_is_told(links: Any, reason: str) -> None:
    schema = derive(orders(relationships=links)).schema
    fitted = fit(schema, "mongodb")
    (found,) = (f for f in fitted.findings if f.rule == "mongodb-refused-embedded")
    assert reason in found.message
    (judgement,) = judge({"up": mongodb.up(fitted.schema), "down": mongodb.down(fitted.schema)})
    assert judgement["faults"] == []


def test_another_database_knows_nothing_of_it() -> None:
    schema = work_for(orders(), "postgresql").schema
    assert not any(key.embedded for _, key in schema.references())
    assert "lines" in {table.name for table in schema.tables}


# Files and the document


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """All files of the design."""
    return deliver(orders(), tmp_path_factory.mktemp("out")).texts


def _full(texts: dict[str, str]) -> str:
    return texts["product-guidelines/07-database-schema.md"]


def test_a_design_for_mongodb_gets_scripts_diagrams_and_documents(texts: dict[str, str]) -> None:
    names = {Path(path).name for path in texts}
    assert names == {
        "0001_initial.js", "0001_initial.down.js", "erd.mmd", "erd.txt", "07-database-schema.md",
        "07-database-schema-essentials.md",
    }  # fmt: skip


def test_the_document_has_queries_and_no_sql(texts: dict[str, str]) -> None:
    full = _full(texts)
    assert "```sql" not in full
    assert "ON DELETE" not in full
    assert "NOT NULL" not in full
    assert "schema.sql" not in full
    assert "`lines of orders`" in full
    assert "mongosh" in full


def test_queries_in_the_document_run(texts: dict[str, str]) -> None:
    """Each names a collection and fields that are there."""
    blocks = re.findall(r"```js\n(.*?)```", _full(texts), re.DOTALL)
    assert len(blocks) == 3
    (found,) = judge({"up": mongodb.up(SCHEMA), "down": "", "queries": blocks})
    assert found["faults"] == []
    assert found["asked"] == ["orders", "orders", "products"]
    lines, number, words = blocks
    assert '$unwind: "$lines"' in lines
    assert '"lines.packed_at": null' in lines
    assert "$limit: 5" in lines
    assert "number:" in number
    assert "$text" in words


def test_a_query_for_what_is_not_there_is_noticed() -> None:
    query = 'db.getCollection("orders").find({ nobody: 1 });'
    (found,) = judge({"up": mongodb.up(SCHEMA), "down": "", "queries": [query]})
    assert found["faults"] == ["query: there is no field nobody in orders"]


def test_the_judges_are_installed() -> None:
    assert judged("mongodb.mjs", given={"cases": []}) == []
