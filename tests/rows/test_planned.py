"""Made-up rows: they obey every constraint, or break exactly one."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from schemawalk.rows.judgement import clash, judged, keys
from schemawalk.rows.planned import NoRowError, Rows, Wish
from schemawalk.rows.search import Condition, Variable, solve
from schemawalk.schema.language.expression import Between, Call, Literal, Name
from schemawalk.schema.model import Check, Index, IndexPart, Schema, Table, Unique
from tests.schemas import UUID, check, column, index, key, library, reference


def _table(*columns: object, name: str = "things", **more: object) -> Table:
    return Table(name, (UUID, *columns), key(name), **more)  # type: ignore[arg-type]


def _rows(*tables: Table) -> Rows:
    return Rows(Schema(tables), "postgresql")


RULES = [
    ("n between 1 and 5", column("n", "integer")),
    ("n > 10 and n <> 11", column("n", "bigint")),
    ("n >= 0 and n <= 99.99", column("n", "numeric", precision=4, scale=2)),
    ("n in ('a', 'b')", column("n", "text")),
    ("length(n) <= 80 and not blank(n)", column("n", "text")),
    ("length(n) = 2", column("n", "text")),
    ("n matches '^[a-z]+(-[a-z]+)*$' and length(n) <= 40", column("n", "text")),
    ("lower(n) = n", column("n", "text")),
    ("n = true", column("n", "boolean")),
    ("n >= '1900-01-01'", column("n", "date")),
    ("n is null or n <= '2030-01-01'", column("n", "timestamptz", null=True)),
    ("n > 0", column("n", "interval")),
]


@pytest.mark.parametrize(("rule", "subject"), RULES)
def test_rows_obey_a_rule_and_break_it(rule: str, subject: object) -> None:
    """One row for which the rule is true, one for which it is false."""
    table = _table(subject, checks=(check("ck", rule),))
    rows = _rows(table)
    expression = table.checks[0].expression
    assert judged(expression, rows.add(table)) is True
    assert judged(expression, rows.add(table, Wish(breaks=("ck",)))) is False


def test_rules_over_several_columns() -> None:
    """Orders, sums and dependencies are found together, and broken one at a time."""
    names = ("start", "end", "due")
    table = _table(
        *(column(name, "timestamptz", null=name == "end") for name in names),
        *(column(name, "integer") for name in ("quantity", "price", "total")),
        column("state", "text"),
        checks=(
            check("ck_order", "end >= start and due > start"),
            check("ck_total", "total = quantity * price"),
            check("ck_state", "state in ('open', 'done')"),
            check("ck_done", "state = 'done' implies end is not null"),
        ),
    )
    rows = _rows(table)
    for broken in (None, *(c.name for c in table.checks)):
        row = rows.add(table, Wish(breaks=(broken,)) if broken else Wish())
        assert [c.name for c in table.checks if judged(c.expression, row) is False] == (
            [broken] if broken else []
        )


def test_no_two_rows_share_a_key() -> None:
    """Keys of few values use them up before they give up."""
    table = _table(
        column("code", "text"),
        checks=(check("ck", "code in ('a', 'b')"),),
        uniques=(Unique("uq", ("code",)),),
    )
    rows = _rows(table)
    assert {rows.add(table)["code"], rows.add(table)["code"]} == {"a", "b"}
    with pytest.raises(NoRowError, match="no made-up row of things"):
        rows.add(table)


def test_a_partial_key_binds_only_where_it_applies() -> None:
    """The same name twice is fine when one of them is deleted."""
    live = index("uq_live", "name", where="deleted_at is null")
    table = _table(
        column("name", "text"),
        column("deleted_at", "timestamptz", null=True),
        indexes=(replace(live, unique=True),),
    )
    rows = _rows(table)
    first = rows.add(table, Wish(within=(live.predicate,)))  # type: ignore[arg-type]
    second = rows.add(table, Wish(fixed={"name": first["name"]}))
    assert second["deleted_at"] is not None


def test_parents_come_first() -> None:
    """Rows are planned in an order in which they can be inserted."""
    rows = Rows(library(), "postgresql")
    rows.add(library().table("branch_books"))
    assert [planned.table.name for planned in rows.planned] == ["branches", "books", "branch_books"]


def test_a_second_parent_is_made_when_one_will_not_do() -> None:
    """Two references that must differ get two parents; the rule is broken with one."""
    people = _table(name="people")
    friends = _table(
        column("a_id", "uuid"),
        column("b_id", "uuid"),
        name="friends",
        checks=(check("ck", "a_id <> b_id"),),
        foreign_keys=(
            reference("friends", "a_id", "people", "CASCADE"),
            reference("friends", "b_id", "people", "CASCADE"),
        ),
    )
    rows = _rows(people, friends)
    row = rows.add(friends)
    assert row["a_id"] != row["b_id"]
    row = rows.add(friends, Wish(breaks=("ck",)))
    assert row["a_id"] == row["b_id"]


def test_one_to_one_gets_a_parent_of_its_own() -> None:
    """A unique foreign key needs another parent for each row."""
    people = _table(name="people")
    profiles = _table(
        column("person_id", "uuid"),
        name="profiles",
        uniques=(Unique("uq", ("person_id",)),),
        foreign_keys=(reference("profiles", "person_id", "people", "CASCADE"),),
    )
    rows = _rows(people, profiles)
    assert rows.add(profiles)["person_id"] != rows.add(profiles)["person_id"]


def test_a_cycle_that_nothing_can_enter_is_told() -> None:
    """Two tables that need each other first have no row."""
    hen = _table(
        column("egg_id", "uuid"),
        name="hens",
        foreign_keys=(reference("hens", "egg_id", "eggs", "RESTRICT", deferred=True),),
    )
    egg = _table(
        column("hen_id", "uuid"),
        name="eggs",
        foreign_keys=(reference("eggs", "hen_id", "hens", "RESTRICT"),),
    )
    with pytest.raises(NoRowError, match="no made-up row of hens"):
        _rows(hen, egg).add(hen)


def test_a_table_may_need_itself() -> None:
    """A NOT NULL reference to its own table starts with a row that refers to itself."""
    table = _table(
        column("root_id", "uuid"),
        foreign_keys=(reference("things", "root_id", "things", "CASCADE"),),
    )
    row = _rows(table).add(table)
    assert row["root_id"] == row["id"]


def test_the_same_schema_gives_the_same_rows() -> None:
    """Nothing is random."""
    plans = []
    for _ in range(2):
        rows = Rows(library(), "postgresql")
        for table in library().tables:
            rows.add(table)
        plans.append([(planned.table.name, planned.values) for planned in rows.planned])
    assert plans[0] == plans[1]


def test_a_plan_on_top_leaves_the_rows_below_alone() -> None:
    """What is tried and undone does not stay in the plan."""
    table = _table(column("code", "text"), uniques=(Unique("uq", ("code",)),))
    rows = _rows(table)
    first = rows.add(table)
    above = rows.on_top()
    second = above.add(table)
    assert not any(clash(k, first, second) for k in keys(table))
    assert rows.of("things") == [first]
    assert above.of("things") == [first, second]


def test_an_absent_parent_is_absent() -> None:
    """Text keys with a rule get a value that obeys the rule and has no row."""
    codes = Table(
        "codes",
        (column("code", "text"),),
        key("codes", "code"),
        checks=(check("ck_codes", "length(code) = 2"),),
    )
    table = _table(
        column("code", "text"),
        foreign_keys=(
            replace(reference("things", "code", "codes", "RESTRICT"), referenced_columns=("code",)),
        ),
        checks=(check("ck", "length(code) = 2"),),
    )
    rows = _rows(codes, table)
    row = rows.add(table, Wish(orphaned=table.foreign_keys[0]))
    assert len(str(row["code"])) == 2
    assert row["code"] not in {other["code"] for other in rows.of("codes")}


def test_an_absent_parent_is_not_one_that_is_there() -> None:
    """Of a short list it is a value that no row has yet."""
    rule = check("ck", "code in ('a', 'b', 'c')")
    codes = Table("codes", (column("code", "text"),), key("codes", "code"), checks=(rule,))
    made = replace(reference("things", "code", "codes", "RESTRICT"), referenced_columns=("code",))
    table = _table(column("code", "text"), foreign_keys=(made,), checks=(rule,))
    rows = _rows(codes, table)
    there = {rows.add(codes)["code"], rows.add(codes)["code"]}
    assert rows.add(table, Wish(orphaned=made))["code"] in {"a", "b", "c"} - there


def test_a_row_can_be_one_that_survives_its_parent() -> None:
    """With `emptied`, the CHECKs hold without those values too."""
    people = _table(name="people")
    table = _table(
        column("state", "text"),
        column("person_id", "uuid", null=True),
        foreign_keys=(reference("things", "person_id", "people", "SET NULL"),),
        checks=(
            check("ck_state", "state in ('done', 'open')"),
            check("ck_person", "state = 'open' or person_id is not null"),
        ),
    )
    rows = _rows(people, table)
    assert rows.add(table)["state"] == "done"
    row = rows.add(table, Wish(emptied=("person_id",)))
    assert row["state"] == "open"
    assert row["person_id"] is not None


def test_a_hidden_row_is_nobodys_parent() -> None:
    """What is about to be deleted must not be referred to by the way."""
    people = _table(name="people")
    table = _table(
        column("person_id", "uuid"),
        foreign_keys=(reference("things", "person_id", "people", "CASCADE"),),
    )
    rows = _rows(people, table)
    hidden = rows.add(people)
    rows.hide(hidden)
    assert rows.add(table)["person_id"] != hidden["id"]


def test_a_search_without_end_is_given_up() -> None:
    """However many values there are to try."""
    endless = Variable(("n",), lambda _chosen: ({"n": number} for number in count()))
    never = Condition(frozenset("n"), lambda _row: False)
    assert solve([endless], [never], {}) is None


def test_a_rule_that_follows_from_another_is_not_broken_alone() -> None:
    """No row breaks only the weaker one."""
    table = _table(
        column("n", "integer"), checks=(check("weak", "n > 0"), check("strong", "n > 5"))
    )
    with pytest.raises(NoRowError, match="but weak"):
        _rows(table).add(table, Wish(breaks=("weak",)))


def test_every_unique_thing_is_a_key() -> None:
    """Primary key, constraint and index, but no plain index."""
    table = _table(
        column("a", "text"),
        uniques=(Unique("uq_a", ("a",)),),
        indexes=(Index("ux", (IndexPart("a"),), unique=True), index("ix", "a")),
    )
    assert [k.name for k in keys(table)] == ["pk_things", "uq_a", "ux"]


def test_a_time_is_as_far_from_a_given_one_as_a_rule_says() -> None:
    """A row that begins when another ends lasts as long as it may, whenever that is."""
    lasting = Between(
        Call("time_between", (Name("ends_at"), Name("starts_at"))),
        Call("lasting_minutes", (Literal(10),)), Call("lasting_minutes", (Literal(120),)),
    )  # fmt: skip
    table = _table(
        column("starts_at", "timestamptz"),
        column("ends_at", "timestamptz"),
        checks=(Check("ck_length", lasting), check("ck_order", "ends_at > starts_at")),
    )
    rows = _rows(table)
    first = rows.add(table)
    assert first["ends_at"] != first["starts_at"]
    second = rows.add(table, Wish(fixed={"starts_at": "2024-11-05T23:59:00.000Z"}))
    assert judged(lasting, second) is True
    early = rows.add(table, Wish(fixed={"ends_at": "0001-01-01T00:00:00.000Z"}, breaks=("ck_length",
                     "ck_order")))  # fmt: skip
    assert str(early["starts_at"])[:4] >= "1000", "no year that only some databases read"
