"""Prisma: what its own validator, formatter and command line say of the schema."""

from __future__ import annotations

import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from schemawalk.design.model import Design
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.language.expression import Literal
from schemawalk.schema.model import Column, EnumType, Schema, Table, Unique
from schemawalk.writers.prisma import files
from schemawalk.writers.work import Work, header
from tests.judges.batch import cases
from tests.judges.node import MODULES, judged, run
from tests.schemas import UUID, column, key, library, reference
from tests.writers.test_sql_hostile import hostile

SCHEMA = "prisma/schema.prisma"
DATABASES = pytest.mark.parametrize("database", ["postgresql", "sqlite"])


def written(schema: Schema, database: str = "postgresql") -> str:
    """The text of schema.prisma."""
    return files(work(schema, database))[SCHEMA]


def work(schema: Schema, database: str) -> Work:
    """The schema as that database holds it, on its way to the writer."""
    return Work(Design(), fit(schema, database).schema, database)


def table(name: str, *columns: Column, **more: object) -> Table:
    """A table with an id and these columns."""
    return Table(name, (UUID, *columns), key(name), **more)  # type: ignore[arg-type]


def complaints(*schemas: str) -> list[str]:
    """What Prisma has against the schemas: errors, and other than formatted lines."""
    said = []
    for text, verdict in zip(schemas, judged("prisma_read.mjs", given=schemas), strict=True):
        if verdict["complaint"]:
            said.append(f"{verdict['complaint']}\n{text}")
        elif verdict["formatted"] != text:
            said.append(f"not as prisma format leaves it:\n{verdict['formatted']}")
    return said


def model(text: str, name: str) -> str:
    """One model's block, without the spaces that line it up."""
    found = re.search(rf"^model {name} {{\n.*?^}}$", text, re.S | re.M)
    assert found, f"no model {name} in:\n{text}"
    return re.sub(" +", " ", found.group())


@DATABASES
def test_prisma_accepts_the_schema_and_would_not_format_it_otherwise(database: str) -> None:
    """`prisma validate` and `prisma format --check`, as the command line runs them."""
    assert complaints(written(library(), database)) == []


@DATABASES
def test_the_command_line_generates_a_client(database: str, tmp_path: Path) -> None:
    """The configuration is found, the schema read, and no name is reserved."""
    for path, text in files(work(library(), database)).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    cli = (MODULES / ".bin" / "prisma").absolute()
    run("true")
    (tmp_path / "node_modules").symlink_to(MODULES.absolute())
    for command in (("validate",), ("format", "--check"), ("generate",)):
        run(cli, *command, cwd=tmp_path, env=_without_engine(tmp_path))
    client = tmp_path / "generated" / "prisma" / "models"
    assert {path.stem for path in client.iterdir()} == {
        "Branch", "Reader", "Book", "Loan", "BranchAndBook"
    }  # fmt: skip


def _without_engine(folder: Path) -> dict[str, str]:
    """Keeps the command line from downloading its native engine: these commands need none."""
    engine = folder / "no-engine"
    engine.write_text("#!/bin/sh\nexit 1\n")
    engine.chmod(engine.stat().st_mode | stat.S_IXUSR)
    return {"PRISMA_SCHEMA_ENGINE_BINARY": str(engine), "CHECKPOINT_DISABLE": "1"}


def test_keys_defaults_types_and_relations_stand_where_prisma_users_look_for_them() -> None:
    """One model, line by line."""
    assert model(written(library()), "Loan").splitlines()[1:-1] == [
        ' id String @id(map: "pk_loans") @default(dbgenerated("gen_random_uuid()")) @db.Uuid',
        ' readerId String? @map("reader_id") @db.Uuid',
        ' bookId String @map("book_id") @db.Uuid',
        ' status String @default("open")',
        ' startedAt DateTime? @map("started_at") @db.Timestamptz(6)',
        ' endedAt DateTime? @map("ended_at") @db.Timestamptz(6)',
        ' lasted Unsupported("interval")?',
        "",
        " reader Reader? @relation(fields: [readerId], references: [id], onDelete: SetNull, "
        'onUpdate: NoAction, map: "fk_loans_reader_id_readers")',
        " book Book @relation(fields: [bookId], references: [id], onDelete: Cascade, "
        'onUpdate: NoAction, map: "fk_loans_book_id_books")',
        "",
        ' @@index([readerId], map: "ix_loans_reader_id")',
        ' @@index([bookId], map: "ix_loans_book_id")',
        ' @@map("loans")',
    ]


def test_what_prisma_cannot_say_is_named_beside_the_model() -> None:
    """Somebody who reads only the schema still learns of CHECKs and partial indexes."""
    text = written(library())
    assert "// CHECK, in migration.sql only: ck_readers_role, ck_readers_email\n" in text
    assert "// Partial index, in migration.sql only: ix_loans_late\n" in text
    assert "@@index([startedAt]" not in text


def test_every_file_says_where_it_comes_from() -> None:
    """The first line of each, in the comment of its language."""
    marks = {"prisma": "//", "ts": "//", "sql": "--", "toml": "#"}
    for path, text in files(work(library(), "postgresql")).items():
        assert text.startswith(header(marks[path.rpartition(".")[2]])), path


def test_a_unique_reference_is_one_to_one_and_others_are_lists() -> None:
    """The parent's side follows the child's unique constraints."""
    profiles = table(
        "profiles", column("user_id", "uuid"),
        uniques=(Unique("uq_profiles_user_id", ("user_id",)),),
        foreign_keys=(reference("profiles", "user_id", "users", "CASCADE"),), entity="Profile",
    )  # fmt: skip
    posts = table(
        "posts", column("user_id", "uuid"),
        foreign_keys=(reference("posts", "user_id", "users", "CASCADE"),), entity="Post",
    )  # fmt: skip
    text = written(Schema((table("users", entity="User"), profiles, posts)))
    assert complaints(text) == []
    assert "\n profile Profile?\n posts Post[]\n" in model(text, "User")


def test_several_references_between_two_models_are_told_apart() -> None:
    """Prisma refuses two nameless relations, there and back alike."""
    teams = table(
        "teams", column("owner_id", "uuid", null=True),
        foreign_keys=(reference("teams", "owner_id", "users", "SET NULL", deferred=True),),
        entity="Team",
    )  # fmt: skip
    users = table(
        "users", column("team_id", "uuid"), column("mentor_id", "uuid", null=True),
        foreign_keys=(
            reference("users", "team_id", "teams", "CASCADE"),
            reference("users", "mentor_id", "users", "SET NULL"),
        ), entity="User",
    )  # fmt: skip
    posts = table(
        "posts", column("author_id", "uuid"), column("editor_id", "uuid", null=True),
        foreign_keys=(
            reference("posts", "author_id", "users", "CASCADE"),
            reference("posts", "editor_id", "users", "SET NULL"),
        ), entity="Post",
    )  # fmt: skip
    text = written(Schema((teams, users, posts)))
    assert complaints(text) == []
    user = model(text, "User")
    for line in (
        ' postsAsAuthor Post[] @relation("PostAuthor")',
        ' postsAsEditor Post[] @relation("PostEditor")',
        ' usersAsMentor User[] @relation("UserMentor")',
        ' teams Team[] @relation("TeamOwner")',
    ):
        assert line in user.splitlines()


def test_names_that_prisma_refuses_or_confuses_are_changed_and_mapped() -> None:
    """Reserved words, other scripts, names that differ by case only."""
    names = ("json", "Prisma", "prisma client", "größen", "表", "USER", "user", "2fa")
    text = written(Schema(tuple(table(name, column("表", "text"), column("größe", "text"),
                                      column("GRÖSSE", "text")) for name in names)))  # fmt: skip
    assert complaints(text) == []
    models = re.findall(r"^model (\w+)", text, re.M)
    assert models == [
        "Json2", "Prisma2", "PrismaClient2", "Grossen", "Model", "User", "User2", "N2fa"
    ]  # fmt: skip
    assert model(text, "Grossen").count("@map(") == 4


def test_values_of_an_enum_that_are_no_identifiers_are_mapped() -> None:
    """The default names the member, not the value."""
    kinds = EnumType(
        "kind", ("in progress", "in_progress", "inProgress", "2nd", "表", "true", "TRUE")
    )
    notes = table("notes", column("kind", "enum", enum="kind", default="in progress"))
    text = written(Schema((notes,), (kinds,)))
    assert complaints(text) == []
    members = re.search(r"^enum Kind {\n(.*?)\n\n", text, re.S | re.M)
    assert members
    assert [" ".join(line.split()) for line in members.group(1).splitlines()] == [
        'inProgress2 @map("in progress")', "in_progress", "inProgress", 'n2nd @map("2nd")',
        'value @map("表")', "true", "TRUE",
    ]  # fmt: skip
    assert "Kind @default(inProgress2)" in model(text, "Notes")


def test_defaults_keep_their_meaning() -> None:
    """Each kind of constant as Prisma writes it; what it cannot write it leaves to the database."""
    columns = {
        "a": (column("a", "text", default='it\'s "x" \\ \n'), '@default("it\'s \\"x\\" \\\\ \\n")'),
        "b": (column("b", "integer", default=-1), "@default(-1)"),
        "c": (column("c", "boolean", default=False), "@default(false)"),
        "d": (column("d", "json", default='{"a": 1}'), '@default("{\\"a\\": 1}")'),
        "e": (column("e", "list", default="{}"), "@default([])"),
        "f": (column("f", "list", default="{a,b}"), "@default(dbgenerated())"),
        "g": (column("g", "date", default="2026-01-31"), "@default(dbgenerated()) @db.Date"),
        "h": (column("h", "interval", default="1 day"), "@default(dbgenerated())"),
        "i": (replace(column("i", "bigint"), identity=True), "@default(autoincrement())"),
        "j": (replace(column("j", "text"), default=Literal(None)), ""),
    }
    text = written(Schema((table("notes", *(made for made, _ in columns.values())),)))
    assert complaints(text) == []
    lines = {line.split()[0]: line for line in model(text, "Notes").splitlines() if line.split()}
    for name, (_, wanted) in columns.items():
        assert lines[name].split(" ", 3)[3:] == ([wanted] if wanted else [])


def test_prisma_reads_any_names_and_words() -> None:
    """Whatever people call things, the schema is valid and formatted."""
    schemas = cases(hostile(), 80)
    texts = [written(schema, db) for schema in schemas for db in ("postgresql", "sqlite")]
    assert complaints(*texts) == []
