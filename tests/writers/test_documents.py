"""The stack-driven documents: true to the schema, readable, proven by real readers."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from dataclasses import replace

import pytest
from pglast import parse_sql
from pglast.visitors import Visitor

from schemawalk.design.model import Design, Entity, Relationship
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.model import Schema
from schemawalk.schema.review import look_over, review
from schemawalk.schema.review.rule import Matter
from schemawalk.writers import sql
from schemawalk.writers.documents import files
from schemawalk.writers.registry import LAYOUTS, chosen, write_all
from schemawalk.writers.work import Work
from tests.writers.bazaar import bazaar
from tests.writers.compliance import compliance
from tests.writers.markdown_reader import (
    anchors,
    blocks,
    cells,
    headings,
    lines_like_rows,
    links,
    rows_by_table,
    section,
)

FULL, ESSENTIALS = "07-database-schema.md", "07-database-schema-essentials.md"


def work_of(design: Design, database: str = "postgresql") -> Work:
    stack = design.stack.model_copy(update={"database": database})
    reviewed = review(design.model_copy(update={"stack": stack}))
    fitted = fit(reviewed.schema, database).schema
    return Work(design, fitted, database, reviewed.findings, reviewed.waived)


def full(design: Design, database: str = "postgresql") -> str:
    return files(work_of(design, database))[FULL]


@pytest.fixture(scope="module")
def work() -> Work:
    return work_of(compliance())


@pytest.fixture(scope="module")
def document(work: Work) -> str:
    return files(work)[FULL]


@pytest.fixture(scope="module")
def essentials(work: Work) -> str:
    return files(work)[ESSENTIALS]


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_every_table_renders_with_as_many_cells_in_each_row(database: str) -> None:
    for text in files(work_of(compliance(), database)).values():
        tables = rows_by_table(text)
        assert tables
        assert all(len(set(rows)) == 1 for rows in tables)
        assert sum(map(len, tables)) == lines_like_rows(text)


def with_tools(*tools: str) -> Design:
    design = compliance()
    stack = design.stack.model_copy(update={"tools": tools})
    return design.model_copy(update={"stack": stack})


@pytest.mark.parametrize("tools", [(), ("alembic",), ("prisma",), ("prisma", "alembic")])
def test_links_lead_to_files_that_are_written_and_to_headings_that_exist(
    tools: tuple[str, ...],
) -> None:
    work, layout = work_of(with_tools(*tools)), LAYOUTS["stack-driven"]
    written = set(write_all(work, chosen(work.design), layout))
    for text in files(work).values():
        there = {f"#{anchor}" for anchor in anchors(text)}
        outside = set(links(text)) - there
        assert outside
        assert {layout.path("document", target) for target in outside} <= written


def test_chosen_tools_are_linked_and_told_how_to_run() -> None:
    text = full(with_tools("prisma", "goose"))
    found = set(links(text))
    assert "07-database-schema/prisma/schema.prisma" in found
    assert not any("alembic" in target for target in found)
    assert "goose -dir migrations up" in text
    assert "Prisma has no way back of its own" in text


def test_each_table_has_one_definition_and_one_anchor(document: str, work: Work) -> None:
    for table in work.schema.tables:
        assert headings(document).count(table.name) == 1
        assert table.name in anchors(document)


def test_numbers_of_the_overview_are_those_of_the_schema(document: str, work: Work) -> None:
    said = dict(cells(r) for r in section(document, "Overview").splitlines() if r.count("|") == 3)
    tables = work.schema.tables
    assert said["tables"] == str(len(tables)) == "7"
    assert said["columns"] == str(sum(len(t.columns) for t in tables))
    assert said["foreign keys"] == str(sum(len(t.foreign_keys) for t in tables))
    assert said["unique constraints"] == str(sum(len(t.uniques) for t in tables))
    assert said["check constraints"] == str(sum(len(t.checks) for t in tables))
    assert said["indexes besides those of keys"] == str(sum(len(t.indexes) for t in tables))


def test_every_column_index_and_constraint_is_in_its_tables_definition(
    document: str, work: Work
) -> None:
    for table in work.schema.tables:
        body = re.split(rf"^### {table.name}$", document, flags=re.M)[1].split("\n### ")[0]
        rows = [cells(row)[0] for row in body.splitlines() if row.startswith("| `")]
        assert rows == [f"`{column.name}`" for column in table.columns]
        for name in (x.name for x in (*table.indexes, *table.uniques, *table.checks)):
            assert f"- `{name}`" in body


class _Mentioned(Visitor):  # type: ignore[misc]
    """Collects the columns and tables that a statement speaks of."""

    def __init__(self) -> None:
        super().__init__()
        self.columns: set[str] = set()
        self.tables: set[str] = set()

    def visit_ColumnRef(self, _: object, node: object) -> None:  # noqa: N802
        self.columns.add(node.fields[-1].sval)  # type: ignore[attr-defined]

    def visit_RangeVar(self, _: object, node: object) -> None:  # noqa: N802
        self.tables.add(node.relname)  # type: ignore[attr-defined]


def test_queries_parse_and_speak_only_of_columns_that_exist(document: str, work: Work) -> None:
    queries = blocks(document, "sql")
    assert len(queries) == len(work.design.access_patterns)
    for query in queries:
        seen = _Mentioned()
        seen(parse_sql(query))
        (name,) = seen.tables
        assert seen.columns <= {column.name for column in work.schema.table(name).columns}


def test_every_kind_of_query_parses_and_one_that_cannot_be_said_is_left_out() -> None:
    text = full(bazaar())
    for query in blocks(text, "sql"):
        parse_sql(query)
    assert "WHERE (number > 3 OR number < 1)\n  AND born >= " in text
    broken = section(text, "Index strategy").split("**broken**")[1]
    assert broken.startswith(" on [items](#items): **nothing serves it yet**")
    assert not blocks(broken, "sql")


def test_every_kind_of_relationship_is_read_back_under_its_kind() -> None:
    said = section(full(bazaar()), "Relationships")
    kinds = re.findall(r"^### (.+)$", said, flags=re.M)
    assert kinds == ["One to many (2)", "Many to many (2)", "One to one (1)", "Natural keys"]
    assert "One shop has at most one order." in said
    assert "`orders.shop_id`, `orders.item_id`" in said


def test_queries_never_read_secrets(document: str) -> None:
    assert not any("share_token" in query for query in blocks(document, "sql"))


@pytest.mark.parametrize("design", [compliance(), bazaar()], ids=["compliance", "bazaar"])
def test_on_sqlite_example_rows_go_in_and_queries_run(design: Design) -> None:
    work = work_of(design, "sqlite")
    text = files(work)[FULL]
    database = sqlite3.connect(":memory:")
    database.executescript(sql.up(work.schema, work.dialect))
    database.execute("PRAGMA foreign_keys = ON")
    examples = _examples(text)
    for name in (table.name for table in work.schema.tables):
        row = examples[name]
        values = [json.dumps(v) if isinstance(v, dict | list) else v for v in row.values()]
        places = ", ".join("?" * len(row))
        database.execute(f"INSERT INTO {name} ({', '.join(row)}) VALUES ({places})", values)
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    queries = blocks(text, "sql")
    assert len(queries) == 6
    found = [database.execute(query).fetchall() for query in queries]
    assert found[0], "the first question finds the example row"


def _examples(text: str) -> dict[str, dict[str, object]]:
    """Example rows by table, in the order in which they can be inserted."""
    parts = re.split(r"^### ", text, flags=re.M)[1:]
    return {
        part.partition("\n")[0]: json.loads(found[0])
        for part in parts
        if (found := blocks(f"### {part}", "json"))
    }


def test_example_rows_hold_exactly_the_tables_columns(document: str, work: Work) -> None:
    rows = _examples(document)
    assert set(rows) == {table.name for table in work.schema.tables}
    for name, row in rows.items():
        assert list(row) == [column.name for column in work.schema.table(name).columns]


def test_example_rows_refer_to_each_other(document: str) -> None:
    rows = _examples(document)
    assert rows["documents"]["user_id"] == rows["users"]["id"] != rows["documents"]["id"]


def test_an_example_that_a_rule_refuses_is_mended() -> None:
    design = compliance()
    team = design.entities[0]
    name = team.attributes[0].model_copy(update={"length": 5})
    changed = team.model_copy(update={"attributes": (name, *team.attributes[1:])})
    text = full(design.model_copy(update={"entities": (changed, *design.entities[1:])}))
    assert _examples(text)["teams"]["name"] == "Sprin"


def test_essentials_are_at_most_half_as_long(document: str, essentials: str) -> None:
    assert len(essentials) <= len(document) / 2


def test_essentials_leave_out_columns_indexes_and_migrations(essentials: str, work: Work) -> None:
    assert not blocks(essentials, "sql")
    assert "ix_" not in essentials
    assert "alembic upgrade" not in essentials
    for table in work.schema.tables:
        assert f"`{table.name}`" in essentials


def test_a_deletion_is_followed_to_the_end(document: str) -> None:
    story = section(document, "What happens when something is deleted")
    user = story.split("### A user is deleted")[1].split("###")[0]
    assert "Nothing stands in its way." in user
    assert (
        "**vanishes:** [assessment_frameworks](#assessment_frameworks), by `assessment_id`, "
        "through `documents` → `assessments`" in user
    )
    assert "**stays:** [usage_events](#usage_events), with `assessment_id` emptied" in user
    team = story.split("### A team is deleted")[1].split("###")[0]
    assert "Refused as a whole while `usage_events`" in team


def test_personal_data_that_outlives_a_person_is_named() -> None:
    design = compliance()
    *others, last = design.entities[:6]
    comment = last.attributes[0].model_copy(update={"sensitivity": "personal"})
    link = Relationship(id="user_usage", a="user", b="usage_event", many_b="yes", many_a="no",
                        optional="yes", on_delete="set-null")  # fmt: skip
    usage = last.model_copy(update={"attributes": (comment, *last.attributes[1:])})
    changed = design.model_copy(
        update={
            "entities": (*others, usage),
            "relationships": (*design.relationships, link),
        }
    )
    story = full(changed).split("### A user is deleted")[1].split("###")[0]
    assert "**still holds personal data:** `usage_events.event_type`" in story


def test_the_trail_says_who_decided_from_where_why_and_what_was_turned_down(document: str) -> None:
    assert (
        "Belongs to: **user**, decided by a person. Because whoever uploads it answers" in document
    )
    assert "taken from a document (`product-guidelines/00-user-journey.md:44`)" in document
    assert (
        "**delete the rows with it**, decided by a person. Because people have the right to be "
        "forgotten. Not taken: keep the rows, without it; refuse while there are rows." in document
    )


def test_an_unknown_answer_is_an_open_question_with_its_impact(document: str) -> None:
    questions = section(document, "Open questions")
    assert "| `assessment.results`: kind of fact | JSON document | filters on findings" in questions


def test_checklist_lines_fail_with_their_reason_when_the_schema_is_worse(work: Work) -> None:
    good = section(files(work)[FULL], "Quality checklist")
    assert "- [x] Foreign keys are indexed: 8 foreign keys" in good
    bare = tuple(replace(table, indexes=()) for table in work.schema.tables)
    schema = Schema(bare, work.schema.enums)
    worse = replace(work, schema=schema, findings=look_over(Matter(work.design, schema)))
    bad = section(files(worse)[FULL], "Quality checklist")
    assert "- [ ] Foreign keys are indexed: no index: `team_users`" in bad
    assert "- [ ] Access patterns are served: not served:" in bad


def test_checklist_counts_its_own_lines(document: str) -> None:
    checks = section(document, "Quality checklist")
    held, every = re.search(r"(\d+) of (\d+) hold", checks).groups()  # type: ignore[union-attr]
    assert checks.count("- [x]") == int(held)
    assert checks.count("- [x]") + checks.count("- [ ]") == int(every)


def test_a_table_without_a_step_or_a_reason_fails_the_checklist() -> None:
    stray = Entity(id="thing", name="Thing", persists="yes", owner="system")
    design = compliance()
    text = full(design.model_copy(update={"entities": (*design.entities, stray)}))
    assert (
        "- [ ] Every table traces to a step or a stated reason: no step and no reason: `thing`"
        in (section(text, "Quality checklist"))
    )


def test_alternatives_carry_the_designs_own_numbers(document: str, work: Work) -> None:
    choices = section(document, "What we didn't choose")
    assert choices.count("### Not chosen: ") >= 4
    keys = sum(len(table.foreign_keys) for table in work.schema.tables)
    assert f"- {keys} references between tables would become promises" in choices
    assert "### Not chosen: GraphQL global ids" in choices


def test_an_alternative_that_the_design_names_is_not_told_twice() -> None:
    design = compliance()
    own = design.alternatives[0].model_copy(update={"name": "Soft deletes"})
    text = full(design.model_copy(update={"alternatives": (own,)}))
    assert "### Not chosen: Soft deletes" in text
    assert "### Not chosen: Soft delete\n" not in text


def test_advice_is_corrected_only_where_it_could_be_followed(document: str) -> None:
    told = section(document, "Advice that does not hold here")
    assert "`ix_usage_events_team_id_created_at` on `(team_id, created_at)`" in told
    assert "deleted_at" not in told
    assert "Prisma" not in told
    assert "date_trunc" not in full(compliance(), "sqlite")


def test_a_tenants_rows_are_reached_by_the_safest_way(document: str) -> None:
    ways = section(document, "Stack and tenancy")
    assert "| [usage_events](#usage_events) | its own key |" in ways
    assert "| [assessments](#assessments) | through `documents` → `users`; where a key" in ways


def test_a_group_is_no_tenant_until_somebody_says_so() -> None:
    assert "The tenant is" not in full(bazaar())
    assert "### Not chosen: A database for each tenant" not in full(bazaar())


def test_what_a_database_loses_is_said() -> None:
    text = full(compliance(), "sqlite")
    assert "ix_assessments_results is left out on SQLite" in section(text, "Limits and findings")
    assert "- [ ] The database holds every type and rule" in text


def test_a_design_with_nothing_in_it_gives_short_documents_without_empty_sections() -> None:
    text = full(Design())
    titles = headings(text)
    assert not any("Table definitions" in title for title in titles)
    assert not any("Open questions" in title for title in titles)
    assert "There are no tables yet." in text
    assert "not decided" in text
    assert "Foreign keys are indexed: nothing to look at" in text


def test_the_same_design_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    program = (
        "import hashlib; from tests.writers.test_documents import *;"
        "print(hashlib.sha256(repr(files(work_of(compliance()))).encode()).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(seen) == 1
