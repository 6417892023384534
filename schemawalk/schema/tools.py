"""Migration tools that teams use: which languages they are for, and how they take the SQL files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_JS: Final = ("typescript", "javascript")
_FIRST: Final = ("postgresql", "sqlite")


@dataclass(frozen=True, slots=True)
class Tool:
    """One row of the table of tools."""

    id: str
    title: str
    languages: tuple[str, ...]
    files: str
    """Files that are written in its own form; empty while there is no writer for it."""
    takes: str = ""
    """Without files of its own: how the SQL files get into it, as its users do it."""
    databases: tuple[str, ...] = ()
    """Databases that its own files are written for."""

    def writes_for(self, database: str) -> bool:
        """Whether it gets files of its own with such a database."""
        return bool(self.files) and database in self.databases


_ROWS: Final = (
    Tool("prisma", "Prisma", _JS, "prisma/schema.prisma and its first migration",
         "put the .up.sql into prisma/migrations/0001_initial/migration.sql, apply it, then let "
         "prisma db pull write the schema", _FIRST),
    Tool("typeorm", "TypeORM", _JS, "", "run each file in a migration's up and down with "
         "queryRunner.query()"),
    Tool("drizzle", "Drizzle", _JS, "", "put the .up.sql into an empty migration "
         "(drizzle-kit generate --custom), then pull the TypeScript schema from the database"),
    Tool("sequelize", "Sequelize", _JS, "", "run each file in a migration's up and down with "
         "queryInterface.sequelize.query()"),
    Tool("alembic", "Alembic with SQLAlchemy", ("python",), "alembic/versions/0001_initial.py, "
         "models.py", "run each file's statements with op.execute() in upgrade and downgrade",
         _FIRST),
    Tool("django", "Django migrations", ("python",), "", "run the files in a migration with "
         "RunSQL, then let inspectdb write the models"),
    Tool("golang-migrate", "golang-migrate", ("go",), "", "migrations/sql is in its own form "
         "(NNNN_name.up.sql, .down.sql): point it there"),
    Tool("goose", "goose", ("go",), "", "join each pair of files into one, under -- +goose Up and "
         "-- +goose Down, with -- +goose StatementBegin and StatementEnd around functions"),
    Tool("rails", "Rails migrations", ("ruby",), "", "run each file with execute in a migration's "
         "up and down, and keep db/structure.sql"),
    Tool("dbmate", "dbmate", (), "", "join each pair of files into one, under -- migrate:up and "
         "-- migrate:down"),
)  # fmt: skip

TOOLS: Final[Mapping[str, Tool]] = {tool.id: tool for tool in _ROWS}
"""All tools by id.  A tool with a writer has the writer's name."""

AS_THEY_ARE: Final = "golang-migrate"
"""The tool whose own form the SQL files have."""
