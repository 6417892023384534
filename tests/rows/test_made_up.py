"""Rows to develop with: many, plausible, nobody's, and the same each time."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace

from schemawalk.rows.judgement import Values, judged, keys
from schemawalk.rows.made_up import MadeUp, made_up
from schemawalk.schema.derive import derive
from schemawalk.schema.model import Exclusion, ForeignKey, Schema, Table, Unique
from schemawalk.schema.tables.lookup import Lookup
from schemawalk.schema.things import Guard, Limit
from tests.lasting import museum
from tests.schemas import UUID, check, column, index, key, reference


def everything(count: int = 60) -> dict[str, MadeUp]:
    design = museum()
    sizes: Mapping[str, list[Values]] = {
        "exhibit_sizes": [{"code": "small"}, {"code": "very_large"}]
    }
    schema = derive(design).schema
    made = made_up(schema, "postgresql", count, Lookup(design).attributes, sizes)
    return {each.table.name: each for each in made}


def only(*tables: Table, count: int = 20, around: tuple[object, ...] = ()) -> dict[str, MadeUp]:
    schema = Schema(tables, around=around)  # type: ignore[arg-type]
    return {m.table.name: m for m in made_up(schema, "postgresql", count, {}, {})}


def test_every_table_gets_as_many_as_were_asked_for() -> None:
    made = everything()
    assert {name: len(each.rows) for name, each in made.items()} == dict.fromkeys(made, 60)
    assert not any(each.missing for each in made.values())
    assert "exhibit_sizes" not in made


def test_rows_obey_every_rule() -> None:
    for made in everything().values():
        for row in made.rows:
            broken = [c.name for c in made.table.checks if judged(c.expression, row) is False]
            assert broken == []
        for each in keys(made.table):
            if each.predicate is None:
                values = [tuple(row[name] for name in each.columns) for row in made.rows]
                present = [value for value in values if None not in value]
                assert len(set(present)) == len(present), each.name


def test_parents_are_there_before_their_children() -> None:
    made = everything()
    seen: dict[str, set[object]] = {"exhibit_sizes": {"small", "very_large"}}
    for name, each in made.items():
        own = seen.setdefault(name, set())
        for row in each.rows:
            own.add(row[each.table.primary_key.columns[0]])
            for reference_ in each.table.foreign_keys:
                value = row[reference_.columns[0]]
                assert value is None or value in seen[reference_.references]


def test_parents_are_many_and_belong_together() -> None:
    """No parent gets all the children, and an exhibit's venue is that of its member."""
    made = everything()
    venue_of = {row["id"]: row["venue_id"] for row in made["members"].rows}
    exhibits = made["exhibits"].rows
    assert len({row["member_id"] for row in exhibits}) > 30
    assert all(row["venue_id"] == venue_of[row["member_id"]] for row in exhibits)


def test_a_tree_has_roots_and_branches() -> None:
    parents = [row["parent_id"] for row in everything()["remarks"].rows]
    assert 0 < parents.count(None) < len(parents) / 2


def test_they_are_the_same_each_time_and_more_begin_alike() -> None:
    few, many = everything(10), everything(30)
    assert everything(10) == few
    assert few["venues"].rows == many["venues"].rows[:10]


def test_nobody_is_in_them() -> None:
    """Addresses lead nowhere (RFC 2606), telephones ring nowhere, secrets open nothing."""
    made = everything()
    for row in made["members"].rows:
        assert re.fullmatch(r"[a-z.]+\d+@example\.org", str(row["email"]))
        assert str(row["password_hash"]).startswith("made-up-and-no-secret-")
    phones = {row["lender_phone"] for row in made["exhibits"].rows} - {None}
    assert phones
    assert all(re.fullmatch(r"[+]120255501\d\d", str(phone)) for phone in phones)


def test_they_speak_the_products_words() -> None:
    made = everything()
    assert made["venues"].rows[0]["name"] == "Spring venue"
    assert {row["status"] for row in made["tickets"].rows} == {"open", "it's done"}
    assert any(row["meaning"] is None for row in made["terms"].rows)


def test_time_goes_by() -> None:
    rows = everything()["exhibits"].rows
    assert all(r["closes_at"] is None or str(r["closes_at"]) > str(r["opens_at"]) for r in rows)
    starts = [str(row["opens_at"]) for row in rows]
    assert starts == sorted(starts)


def test_few_values_make_few_rows_and_that_is_told() -> None:
    table = Table(
        "flags",
        (UUID, column("code", "text")),
        key("flags"),
        uniques=(Unique("uq", ("code",)),),
        checks=(check("ck", "code in ('a', 'b', 'c')"),),
    )
    made = only(table)["flags"]
    assert ({row["code"] for row in made.rows}, made.missing) == ({"a", "b", "c"}, 17)


def test_pairs_are_different_and_no_pair_comes_twice() -> None:
    people = Table("people", (UUID,), key("people"))
    friends = Table(
        "friends",
        (column("a_id", "uuid"), column("b_id", "uuid")),
        key("friends", "a_id", "b_id"),
        checks=(check("ck", "a_id <> b_id"),),
        foreign_keys=(
            reference("friends", "a_id", "people", "CASCADE"),
            reference("friends", "b_id", "people", "CASCADE"),
        ),
    )
    pairs = {(row["a_id"], row["b_id"]) for row in only(people, friends)["friends"].rows}
    assert len(pairs) == 20
    assert all(a != b for a, b in pairs)


def test_the_same_name_is_fine_among_the_deleted() -> None:
    live = replace(index("uq_live", "name", where="gone_at is null"), unique=True)
    table = Table(
        "names",
        (UUID, column("name", "text"), column("gone_at", "timestamptz", null=True)),
        key("names"),
        checks=(check("ck", "name in ('x', 'y')"),),
        indexes=(live,),
    )
    rows = only(table)["names"].rows
    assert len(rows) == 20
    assert sum(row["gone_at"] is None for row in rows) <= 2


def test_stretches_of_one_thing_do_not_overlap() -> None:
    table = Table(
        "stays",
        (
            UUID,
            column("room", "integer"),
            column("starts_at", "timestamptz"),
            column("ends_at", "timestamptz"),
        ),
        key("stays"),
        checks=(check("ck_room", "room = 1"), check("ck", "ends_at > starts_at")),
        exclusions=(Exclusion("ex", ("room",), "starts_at", "ends_at"),),
    )
    rows = only(table)["stays"].rows
    assert len(rows) == 20
    ends = [str(row["ends_at"]) for row in rows]
    assert all(str(row["starts_at"]) >= end for row, end in zip(rows[1:], ends, strict=False))


def test_triggers_are_heeded() -> None:
    """A status begins where a trigger lets it, and no parent has more than its trigger allows."""
    tables = Table("tables", (UUID,), key("tables"))
    guests = Table(
        "guests",
        (UUID, column("table_id", "uuid"), column("state", "text")),
        key("guests"),
        checks=(check("ck", "state in ('came', 'left')"),),
        foreign_keys=(reference("guests", "table_id", "tables", "CASCADE"),),
    )
    around = (
        Guard("g", "guests", "state", (("came", "left"),), ("came",)),
        Limit("l", "guests", ("table_id",), "tables", ("id",), 2),
    )
    rows = only(tables, guests, around=around)["guests"].rows
    assert {row["state"] for row in rows} == {"came"}
    at = [row["table_id"] for row in rows]
    assert len(rows) == 20
    assert max(map(at.count, at)) <= 2


def test_a_first_row_of_a_circle_waits_for_nobody() -> None:
    """The key that may be empty is empty where its parents are not there yet."""
    heads = Table(
        "houses",
        (UUID, column("head_id", "uuid", null=True)),
        key("houses"),
        foreign_keys=(reference("houses", "head_id", "people", "SET NULL", deferred=True),),
    )
    people = Table(
        "people",
        (UUID, column("house_id", "uuid")),
        key("people"),
        foreign_keys=(reference("people", "house_id", "houses", "CASCADE"),),
    )
    made = only(heads, people)
    assert {row["head_id"] for row in made["houses"].rows} == {None}
    assert len(made["people"].rows) == 20


def test_keys_that_share_a_column_agree() -> None:
    """A child's team is its parent's and its author's, and a reply is in the same team."""
    teams = Table("teams", (UUID,), key("teams"))
    tied = Unique("uq_people", ("team_id", "id"))
    people = Table(
        "people",
        (UUID, column("team_id", "uuid")),
        key("people"),
        uniques=(tied,),
        foreign_keys=(reference("people", "team_id", "teams", "CASCADE"),),
    )
    posts = Table(
        "posts",
        (
            UUID,
            column("team_id", "uuid"),
            column("author_id", "uuid", null=True),
            column("reader_id", "uuid"),
            column("reply_to", "uuid", null=True),
        ),
        key("posts"),
        uniques=(Unique("uq_posts", ("team_id", "id")),),
        foreign_keys=(
            reference("posts", "team_id", "teams", "CASCADE"),
            reference("posts", "reader_id", "people", "CASCADE"),
            ForeignKey("fk_a", ("team_id", "author_id"), "people", ("team_id", "id"), "CASCADE"),
            ForeignKey("fk_r", ("team_id", "reply_to"), "posts", ("team_id", "id"), "CASCADE"),
        ),
    )
    made = only(teams, people, posts, count=60)
    team_of = {row["id"]: row["team_id"] for row in made["people"].rows}
    reply_of = {row["id"]: row["team_id"] for row in made["posts"].rows}
    rows = made["posts"].rows
    assert len(rows) == 60
    assert all(team_of[r["author_id"]] == r["team_id"] for r in rows if r["author_id"])
    assert all(reply_of[r["reply_to"]] == r["team_id"] for r in rows if r["reply_to"])
    assert sum(row["author_id"] is not None for row in rows) > 40


def test_texts_are_what_their_columns_are_called() -> None:
    """A currency is one, a time zone is one; and a place lies where its zone is."""
    table = Table(
        "shops",
        (UUID, column("currency", "text"), column("time_zone", "text"), column("city", "text"),
         column("billing_country_code", "text"), column("number", "text"),
         column("tags", "list")),
        key("shops"),
        checks=(check("ck_length", "length(currency) = 3"),),
        entity="Shop",
    )  # fmt: skip
    rows = only(table)["shops"].rows
    assert {row["currency"] for row in rows} == {"EUR", "USD", "GBP"}
    zones = {row["city"]: row["time_zone"] for row in rows}
    assert (zones["Berlin"], zones["Tokyo"]) == ("Europe/Berlin", "Asia/Tokyo")
    assert {str(row["billing_country_code"]) for row in rows} >= {"DE", "US"}
    assert rows[0]["number"] == "S-0001"
    assert all(len(set(json.loads(str(row["tags"])))) == 2 for row in rows)
