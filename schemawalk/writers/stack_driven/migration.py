"""How the schema gets into a database, and out again, with each chosen tool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from schemawalk.schema.around.reference_rows import reference_rows
from schemawalk.schema.tools import TOOLS
from schemawalk.writers.stack_driven.markdown import Markdown, code, fenced
from schemawalk.writers.stack_driven.survey import Survey

FOLDER: Final = "07-database-schema"
"""Folder of the code, beside the documents."""

SQL_FILES: Final[tuple[tuple[str, str], ...]] = (
    ("schema.sql", "the whole schema, to read"),
    ("migrations/sql/0001_initial.up.sql", "the first migration"),
)
MONGODB_FILES: Final[tuple[tuple[str, str], ...]] = (
    ("migrations/0001_initial.js", "the first migration"),
    ("migrations/0001_initial.down.js", "its way back"),
)
ALWAYS: Final[tuple[tuple[str, str], ...]] = (
    ("erd.mmd", "the diagram for Mermaid"),
    ("erd.txt", "the diagram as text"),
)
"""Files that are written for every design."""

BY_TOOL: Final[Mapping[str, tuple[str, str]]] = {
    "alembic": ("alembic/versions/0001_initial.py", "the first migration for Alembic"),
    "prisma": ("prisma/schema.prisma", "the schema for Prisma"),
}
"""Files that are written when their tool is chosen."""


@dataclass(frozen=True)
class Recipe:
    """The commands of one tool; `{folder}` is the folder of the code."""

    title: str
    forward: str
    back: str
    note: str = ""


_HALF: Final = (
    "Each statement stays done: after a failure, run the way back, mend what failed and begin anew."
)
_IN_INNODB: Final = (
    f"{_HALF} A VARCHAR has room for one character more than its CHECK allows: so the CHECK "
    "refuses what is too long, and says which rule it breaks."
)

_SQL: Final[Mapping[str, Recipe]] = {
    "postgresql": Recipe(
        "SQL with psql",
        'psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f {folder}/migrations/sql/0001_initial.up.sql',
        'psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f {folder}/migrations/sql/0001_initial.down.sql',
        "The file is one transaction: all of it happens, or nothing. Where it makes functions, it "
        "first ends everybody's right to CREATE in their schema, which public has up to PostgreSQL "
        "14: a function of somebody else's could run as the owner of the tables there.",
    ),
    "sqlite": Recipe(
        "SQL with sqlite3",
        "sqlite3 -bail app.db < {folder}/migrations/sql/0001_initial.up.sql",
        "sqlite3 -bail app.db < {folder}/migrations/sql/0001_initial.down.sql",
        "SQLite heeds foreign keys only on connections that said PRAGMA foreign_keys = ON.",
    ),
    "mysql": Recipe(
        "SQL with mysql",
        "mysql app < {folder}/migrations/sql/0001_initial.up.sql",
        "mysql app < {folder}/migrations/sql/0001_initial.down.sql",
        _IN_INNODB,
    ),
    "mariadb": Recipe(
        "SQL with mariadb",
        "mariadb app < {folder}/migrations/sql/0001_initial.up.sql",
        "mariadb app < {folder}/migrations/sql/0001_initial.down.sql",
        _IN_INNODB,
    ),
    "mongodb": Recipe(
        "mongosh",
        'mongosh "$MONGODB_URL" {folder}/migrations/0001_initial.js',
        'mongosh "$MONGODB_URL" {folder}/migrations/0001_initial.down.js',
        _HALF,
    ),
}

RECIPES: Final[Mapping[str, Recipe]] = {
    "alembic": Recipe(
        "Alembic",
        "cd {folder}\nalembic upgrade head",
        "cd {folder}\nalembic downgrade -1",
        "It finds the database by DATABASE_URL.",
    ),
    "django": Recipe("Django", "python manage.py migrate", "python manage.py migrate <app> zero"),
    "prisma": Recipe(
        "Prisma",
        "cd {folder}\nnpx prisma migrate deploy\nnpx prisma generate",
        "",
        "Prisma has no way back of its own: run the SQL way back, then delete the migration's row "
        "from the table _prisma_migrations.",
    ),
    "drizzle": Recipe(
        "Drizzle", "npx drizzle-kit migrate", "", "Drizzle has no way back: run the SQL one."
    ),
    "typeorm": Recipe(
        "TypeORM",
        "npx typeorm migration:run -d data-source.ts",
        "npx typeorm migration:revert -d data-source.ts",
    ),
    "sequelize": Recipe(
        "Sequelize", "npx sequelize-cli db:migrate", "npx sequelize-cli db:migrate:undo"
    ),
    "golang-migrate": Recipe(
        "golang-migrate",
        'migrate -path {folder}/migrations/sql -database "$DATABASE_URL" up',
        'migrate -path {folder}/migrations/sql -database "$DATABASE_URL" down 1',
        "Where triggers or routines follow a line with DELIMITER (MySQL, MariaDB), only the "
        "database's own client understands it: run that file with the client.",
    ),
    "goose": Recipe(
        "goose",
        "goose -dir migrations up",
        "goose -dir migrations down",
        "Join the two SQL files under -- +goose Up and -- +goose Down, with -- +goose "
        "StatementBegin and -- +goose StatementEnd around each DO block, function and trigger.",
    ),
    "dbmate": Recipe("dbmate", "dbmate up", "dbmate rollback"),
    "rails": Recipe("Rails", "bin/rails db:migrate", "bin/rails db:rollback"),
}
"""Commands by the name of the tool, as in `Stack.tools`."""


@dataclass(frozen=True)
class File:
    """A written file, and what it is."""

    path: str
    what: str
    link: Markdown


@dataclass(frozen=True)
class Commands:
    """One tool's commands, ready for the page."""

    title: str
    forward: Markdown
    back: Markdown
    note: str


@dataclass(frozen=True)
class Migration:
    """Order, commands and what comes next."""

    order: Markdown
    tables: int
    cycles: tuple[Markdown, ...]
    tools: tuple[Commands, ...]
    files: tuple[File, ...]
    whole: str
    """The file that says how everything is."""
    gone: str
    """What the way back drops, in words."""


def migration(survey: Survey) -> Migration | None:
    """The chapter on getting the schema in and out; None for a schema without tables."""
    if not survey.schema.tables:
        return None
    names = [table.name for table in survey.schema.tables]
    cycles = tuple(code(f"{t.name}.{k.name}") for t, k in survey.schema.references() if k.deferred)
    chosen = [RECIPES[tool] for tool in _tools(survey) if tool in RECIPES]
    recipes = (_SQL[survey.work.dialect.name], *chosen)
    order = Markdown(" → ".join(map(code, names[:40])) + _rest(len(names) - 40))
    whole = MONGODB_FILES[0][0] if survey.homes else SQL_FILES[0][0]
    gone = "collections with their documents" if survey.homes else "tables with their rows"
    return Migration(
        order, len(names), cycles, tuple(map(_commands, recipes)), files(survey), whole, gone
    )


def _tools(survey: Survey) -> tuple[str, ...]:
    """The chosen tools, without those whose own files are not written for the database."""
    database = survey.work.database
    return tuple(
        tool
        for tool in survey.design.stack.tools or ()
        if tool not in TOOLS or not TOOLS[tool].files or TOOLS[tool].writes_for(database)
    )


def _rest(count: int) -> str:
    return f" → and {count:,} more, as in the migration" if count > 0 else ""


def _commands(recipe: Recipe) -> Commands:
    forward = fenced(recipe.forward.format(folder=FOLDER), "bash")
    back = fenced(recipe.back.format(folder=FOLDER), "bash") if recipe.back else Markdown("")
    return Commands(recipe.title, forward, back, recipe.note)


def seed_files(survey: Survey) -> tuple[tuple[str, str], ...]:
    """The seeds that are written for this design, what must be there first before the rest."""
    ending = "" if survey.homes else ".sql"
    known = bool(reference_rows(survey.design, survey.schema))
    made_up = bool(survey.schema.tables and survey.design.keeping.made_up_rows)
    wanted = (
        ("seeds/reference", "rows that the product needs", known),
        ("seeds/development", "made-up rows to develop with", made_up),
    )
    return tuple((path + ending, what) for path, what, is_there in wanted if is_there)


def files(survey: Survey) -> tuple[File, ...]:
    """The code that lies beside the documents, for this design."""
    chosen = [BY_TOOL[tool] for tool in _tools(survey) if tool in BY_TOOL]
    return tuple(
        File(path, what, Markdown(f"[`{path}`]({FOLDER}/{path})"))
        for path, what in (
            *(MONGODB_FILES if survey.homes else SQL_FILES),
            *seed_files(survey),
            *ALWAYS,
            *chosen,
        )
    )
