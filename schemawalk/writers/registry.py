"""Which outputs there are, which of them a design asks for, and where their files go."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePosixPath
from typing import Final, Literal, cast

from schemawalk.design.model import Design
from schemawalk.schema.dialects.notations import MONGODB, NOTATIONS
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.tools import TOOLS
from schemawalk.writers.work import Files, Work, Write

Kind = Literal["code", "document"]
Progress = Callable[[int, int, str], None]
"""Called with how many are done, how many there are, and the name of the one at hand."""


class WriterError(ValueError):
    """What was asked for cannot be written; the message says why and what to do."""


@dataclass(frozen=True)
class Layout:
    """Where files go, relative to the folder of the project that is written to."""

    name: str
    code: str
    documents: str

    def path(self, kind: Kind, path: str) -> str:
        """Where a writer's own `path` ends up."""
        folder = self.code if kind == "code" else self.documents
        return str(PurePosixPath(folder, path))


LAYOUTS: Final = {
    layout.name: layout
    for layout in (
        Layout("stack-driven", "product-guidelines/07-database-schema", "product-guidelines"),
    )
}
"""By name, the ways in which a project may want its files laid out."""


@dataclass(frozen=True)
class Writer:
    """One output."""

    name: str
    title: str
    module: str
    """Module with `files(work) -> Files`, imported when it is first needed."""
    kind: Kind
    tools: tuple[str, ...] = ()
    """Names by which a tech stack calls what it is for."""
    databases: tuple[str, ...] = tuple(DIALECTS)
    always: bool = False
    """Whether it is written without being asked for."""
    once: tuple[str, ...] = ()
    """Patterns of files that are never rewritten: migrations.  `*` stands for `/` too."""

    def write(self, work: Work) -> Files:
        """Its files; raises WriterError when it does not write for the work's database."""
        if work.database not in self.databases:
            raise WriterError(
                f"{self.title} is not written for {work.database}, only for "
                f"{_listed(_title(name) for name in self.databases)}: leave {self.name!r} out "
                "of the tools, or choose another database."
            )
        write = cast(Write, import_module(self.module).files)
        return write(work)


WRITERS: Final = (
    Writer(
        "sql", "SQL migrations", "schemawalk.writers.sql", "code",
        always=True, once=("migrations/sql/*.sql",),
    ),
    Writer("seeds", "Seeds", "schemawalk.writers.seeds", "code", always=True),
    Writer(
        "alembic", "SQLAlchemy models and Alembic migration", "schemawalk.writers.alembic", "code",
        tools=("sqlalchemy", "alembic"), databases=TOOLS["alembic"].databases,
        once=("alembic/versions/*.py",),
    ),
    Writer(
        "prisma", "Prisma schema and migration", "schemawalk.writers.prisma", "code",
        tools=("prisma",), databases=TOOLS["prisma"].databases,
        once=("prisma/migrations/*/migration.sql",),
    ),
    Writer(
        "mongodb", "MongoDB collections", "schemawalk.writers.mongodb", "code",
        databases=(MONGODB.name,), always=True, once=("migrations/*.js",),
    ),
    Writer(
        "mermaid", "ERD in Mermaid", "schemawalk.writers.mermaid", "code",
        databases=tuple(NOTATIONS), always=True,
    ),
    Writer(
        "erd", "ERD in plain text", "schemawalk.writers.erd", "code",
        databases=tuple(NOTATIONS), always=True,
    ),
    Writer(
        "stack-driven", "Schema document and essentials", "schemawalk.writers.documents",
        "document", databases=tuple(NOTATIONS), always=True,
    ),
)  # fmt: skip
"""All outputs, in the order in which they are written and shown."""


def by_names(names: Iterable[str]) -> tuple[Writer, ...]:
    """The writers of these names, each once, in the table's order.

    Raises WriterError for a name that no writer has.
    """
    wanted = dict.fromkeys(names)
    known = {writer.name for writer in WRITERS}
    for name in wanted:
        if name not in known:
            listed = _listed(writer.name for writer in WRITERS)
            raise WriterError(f"There is no output called {name!r}: choose from {listed}.")
    return tuple(writer for writer in WRITERS if writer.name in wanted)


def chosen(design: Design) -> tuple[Writer, ...]:
    """What the design asks for, and what is always written.

    A tool that takes the SQL files, and has no writer for the design's database, asks for nothing
    more.
    """
    own = design.stack.database
    database = own if own and own in NOTATIONS else "postgresql"
    always = (w.name for w in WRITERS if w.always and database in w.databases)
    wanted = (tool for tool in design.stack.tools or () if TOOLS[tool].writes_for(database))
    return by_names((*always, *wanted))


def once(writers: Iterable[Writer], layout: Layout) -> tuple[str, ...]:
    """Patterns of all files that these writers never rewrite, as they lie in the layout."""
    return tuple(layout.path(w.kind, pattern) for w in writers for pattern in w.once)


def write_all(
    work: Work,
    writers: Iterable[Writer],
    layout: Layout,
    progress: Progress | None = None,
) -> dict[str, str]:
    """All files of all writers as text by path, in the writers' order.

    Raises WriterError when two writers want the same path, or one does not know the database.
    """
    asked = tuple(writers)
    texts: dict[str, str] = {}
    owners: dict[str, Writer] = {}
    for done, writer in enumerate(asked):
        if progress:
            progress(done, len(asked), writer.name)
        for own, text in writer.write(work).items():
            path = layout.path(writer.kind, own)
            if path in owners:
                raise WriterError(_clash(path, owners[path], writer))
            owners[path], texts[path] = writer, text
    if progress:
        progress(len(asked), len(asked), "")
    return texts


def _clash(path: str, first: Writer, second: Writer) -> str:
    return (
        f"{path} would be written by both {first.name!r} and {second.name!r}: "
        "leave one of them out of the tools."
    )


def _title(database: str) -> str:
    return NOTATIONS[database].title if database in NOTATIONS else database


def _listed(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
