"""What somebody who knows MongoDB looks for: TTL indexes that take nothing that stays, queries of
fields, and no index twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from schemawalk.delivery import deliver, work_for
from schemawalk.design.model import Design
from schemawalk.design.whole import Keeping, Stack
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.language.grammar import parse
from schemawalk.schema.model import Check, Schema, Table, Unique
from schemawalk.writers import mongodb
from tests.schema.designs import entity, fact, link, pattern, shop
from tests.schemas import column, key
from tests.writers.mongodb_documents import judge
from tests.writers.test_mongodb import held, of, scripts


def notes(*facts: Any, keeping: dict[str, Any] | None = None, **more: Any) -> Design:
    """Notes that end, and are kept for a time."""
    told = (fact("note", "said", kind="short-text", required="start"), *facts)
    usual = {"keep_for": "90 days", "archetype": "dealing"}
    kept = Keeping(cleanup="job", **(keeping or {}))
    return Design(entities=(entity("Note", *told, **{**usual, **more}),),
                  stack=Stack(database="mongodb"), keeping=kept)  # fmt: skip


ENDED = fact("note", "ended_at", kind="moment")


def _expiring(design: Design) -> dict[str, list[dict[str, Any]]]:
    """The TTL indexes of each collection that has one."""
    (said,) = judge(scripts(of(design)))
    assert said["faults"] == []
    found = {name: [i for i in made["indexes"] if "expireAfterSeconds" in i]
             for name, made in said["made"].items()}  # fmt: skip
    return {name: indexes for name, indexes in found.items() if indexes}


def _jobs(design: Design) -> list[str]:
    found = fit(derive(design).schema, "mongodb").findings
    return [each.message for each in found if each.rule == "mongodb-refused-job"]


# What goes by itself


def test_versions_of_what_still_lives_do_not_go() -> None:
    """SQL's clean-up takes those of rows that are gone: an index cannot see which those are."""
    design = notes(ENDED, versions="history")
    assert _expiring(design) == {}
    assert any("notes_history_purge (it first looks into notes" in said for said in _jobs(design))


@pytest.mark.parametrize("versions", ["history", "log"])
def test_what_leaves_a_trace_goes_by_the_program(versions: str) -> None:
    """The index deletes behind its back: nobody would write down what went."""
    design = notes(ENDED, versions=versions)
    assert "notes" not in _expiring(design)
    assert any("never hears of" in said for said in _jobs(design))


def test_what_others_refer_to_goes_by_the_program() -> None:
    reply = entity("Reply", fact("reply", "said", kind="short-text"), archetype="thing")
    told = notes(ENDED)
    refers = link("note", "reply", optional="yes", on_delete="set-null")
    design = told.model_copy(update={"entities": (*told.entities, reply),
                                     "relationships": (refers,)})  # fmt: skip
    assert _expiring(design) == {}
    assert any("replies" in said for said in _jobs(design))


def test_no_index_waits_for_a_hundred_years() -> None:
    """expireAfterSeconds has 31 bits."""
    assert _expiring(notes(ENDED, keep_for="100 years")) == {}
    assert any("68 years" in said for said in _jobs(notes(ENDED, keep_for="100 years")))
    (found,) = _expiring(notes(ENDED, keep_for="50 years"))["notes"]
    assert found["expireAfterSeconds"] == 50 * 366 * 86_400


def test_what_may_have_no_end_has_one_index_for_it() -> None:
    """The one that the clean-up reads, and the one by which documents go, are the same."""
    (found,) = _expiring(notes(ENDED))["notes"]
    assert found["partialFilterExpression"] == {"ended_at": {"$type": "date"}}
    newest = pattern("latest", "note", sort=("-ended_at",), rows=90_000, often="constantly")
    design = notes(ENDED).model_copy(update={"access_patterns": (newest,)})
    (said,) = judge(scripts(of(design)))
    over = [i for i in said["made"]["notes"]["indexes"] if [n for n, _ in i["fields"]]
            == ["ended_at"]]  # fmt: skip
    assert sum("expireAfterSeconds" in each for each in over) == 1


# Keys


def test_no_key_stands_beside_the_one_that_identifies() -> None:
    """In SQL keys of a tenant's rows refer to it; here nothing does."""
    design = shop(stack=Stack(database="mongodb"))
    schema = derive(design).schema
    orders = schema.table("orders")
    own = Unique("uq_own", ("customer_id", *orders.primary_key.columns))
    doubled = replace(orders, uniques=(*orders.uniques, own))
    tables = tuple(doubled if t is orders else t for t in schema.tables)
    fitted = held(replace(schema, tables=tables)).table("orders")
    assert "uq_own" not in {unique.name for unique in fitted.uniques}
    assert any(i.parts[0].column == "customer_id" and i.predicate is None for i in fitted.indexes)


# Queries


def _ruled(*rules: str) -> tuple[str, list[Any]]:
    """The script of a table with these rules, and what its validator asks besides keywords."""
    kinds = {"name": "text", "reason": "text", "size": "integer", "least": "integer",
             "ended_at": "timestamptz"}  # fmt: skip
    columns = (column("id", "uuid"), column("name", "text"),
               *(column(n, k, null=True) for n, k in kinds.items() if n != "name"))  # fmt: skip
    checks = tuple(Check(f"ck_{at}", parse(rule)) for at, rule in enumerate(rules))
    up = mongodb.up(held(Schema((Table("things", columns, key("things"), checks=checks),))))
    return up, [line.strip() for line in up.splitlines() if "$expr" in line]


@pytest.mark.parametrize(
    ("rule", "written"),
    [
        ("not blank(name)", 'name: { bsonType: "string", pattern: "[^ ]" }'),
        ("reason is null or not blank(reason)", 'pattern: "[^ ]"'),
        ("name <> 'x' or ended_at is not null",
         '{ $or: [{ name: { $ne: "x" } }, { ended_at: { $ne: null } }] }'),
        ("size between 1 and 5 and size <= 4", "minimum: 1, maximum: 4"),
        ("reason <> 'x'", '{ reason: { $ne: "x" } }'),
        ("ended_at < '2030-01-01'", 'ISODate("2030-01-01T00:00:00.000Z")'),
    ],
)  # fmt: skip
def test_a_rule_of_fields_asks_fields(rule: str, written: str) -> None:
    up, computed = _ruled(rule)
    assert written in up
    assert computed == []


def test_only_what_is_compared_with_a_field_is_computed() -> None:
    up, _ = _ruled("size >= least")
    assert '{ $expr: { $gte: ["$size", "$least"] } }' in up
    assert "{ size: null }" in up
    assert "$ifNull" not in up


def test_a_view_of_what_lives_can_use_the_index_of_what_lives() -> None:
    """The same words as in partialFilterExpression, and no $expr."""
    up = mongodb.up(of(shop(keeping=Keeping(deletion="soft"))))
    assert "[{ $match: { deleted_at: null } }]" in up
    assert "$not" not in up


def test_who_looks_for_a_text_in_any_case_says_so(tmp_path: Any) -> None:
    """Without its collation an index is not used, and other cases are not found."""
    mailed = fact("person", "email", kind="email", required="start", unique="alone")
    found = pattern("by_mail", "person", equals=("email",), rows=90_000, often="constantly")
    design = Design(entities=(entity("Person", mailed, archetype="person"),),
                    access_patterns=(found,), stack=Stack(database="mongodb"))  # fmt: skip
    full = deliver(design, tmp_path).texts["product-guidelines/07-database-schema.md"]
    block = full.partition("```js\n")[2].partition("```")[0]
    assert '.collation({ locale: "en", strength: 2 })' in block
    schema = work_for(design, "mongodb").schema
    (said,) = judge({"up": mongodb.up(schema), "down": "", "queries": [block]})
    assert said["faults"] == []
