"""Step "stack": what the product is built with, as far as it decides the schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from schemawalk.design.model import Design
from schemawalk.design.model import Step as JourneyStep
from schemawalk.schema.capability.fit import CAPABILITIES, numbered
from schemawalk.schema.dialects.notations import NOTATIONS
from schemawalk.schema.dialects.reserved import RESERVED
from schemawalk.schema.names import snake, table_name
from wizard_steps.asking.question import AnswerError
from wizard_steps.asking.steps import Row, Step
from wizard_steps.asking.tree import Advice, Advise, Choice, Node, Scene, Tree, fixed
from wizard_steps.proposing.nouns import strongest_names

DATABASES: Final[Mapping[str, tuple[str, str, str]]] = {
    "postgresql": ("PostgreSQL", "every feature used here; later: one server to run, back up and "
                   "upgrade each year", "16"),
    "mysql": ("MySQL", "on every host; later: no partial indexes, CHECKs only since 8.0.16, and a "
              "failed migration stays half applied", "8.4"),
    "mariadb": ("MariaDB", "a free fork of MySQL; later: it has drifted from MySQL, JSON is only "
                "text, and a failed migration stays half applied", "11.4"),
    "sqlite": ("SQLite", "a file, no server; later: one writer at a time, CHECKs stand in for "
               "types, and most changes rebuild the table", "3.40"),
    "mongodb": ("MongoDB", "documents, with a schema that each collection checks; later: no "
                "foreign keys, so every rule between documents is the program's to keep", "8.0"),
}  # fmt: skip
"""By database: its title, what choosing it costs later, and a version that is widely installed."""

MANY_INSERTS: Final = 10_000
"""Inserts a second from which random keys cost more than they are worth."""
USUAL_INSERTS: Final = 10

_RATE: Final = re.compile(
    r"(\d[\d,. ]*)\s*(k\b)?[^.\n]{0,30}?\b(?:inserts|writes|events|messages|readings)\b"
    r"[^.\n]{0,12}?(?:/\s?s\b|per second|a second|each second)", re.IGNORECASE,
)  # fmt: skip
_OFFLINE: Final = re.compile(
    r"\b(offline(?:-first)?|without (?:a )?(?:connection|network|signal)|syncs? later|"
    r"local-first)\b", re.IGNORECASE,
)  # fmt: skip


def _documented(field: str, otherwise: Advise) -> Advise:
    """Advice to keep what a document says, and otherwise other advice."""

    def advise(scene: Scene) -> Advice:
        note, value = scene.notes.get(f"stack.{field}"), getattr(scene.subject, field)
        chosen = scene.notes.get("stack.database")
        # The version that a document names is that of the database that it names.
        other = field == "version" and chosen is not None and chosen.by != "document"
        if note and note.by == "document" and value and not other:
            return Advice((value,), note.why, note.source)
        return otherwise(scene)

    return advise


def _a_version(text: str) -> None:
    if not re.fullmatch(r"\d{1,3}(\.\d{1,3}){0,2}", text):
        raise AnswerError(f"{text!r} is no version: write it as 16 or 3.40.")


def _database(_: Scene) -> Advice:
    return Advice(("postgresql",), "no document names one; it holds everything that is asked here")


def _databases(_: Scene) -> tuple[Choice, ...]:
    return tuple(
        Choice(name, title, cost, "version") for name, (title, cost, _) in DATABASES.items()
    )


def _version(scene: Scene) -> Advice:
    _, _, usual = DATABASES[scene.subject.database or "postgresql"]
    return Advice((usual,), "widely installed, and supported for years")


def _tenancy(scene: Scene) -> Advice:
    words = ("team", "organisation", "organization", "workspace", "tenant", "company")
    for step in scene.design.steps:
        for word in words:
            if f" {word}" in f" {step.text} {step.title}".lower():
                return Advice(("shared",), f'"{word}" is named in step "{step.title}"')
    return Advice(("none",), "no document speaks of separate groups of users")


def _said(scene: Scene, pattern: re.Pattern[str]) -> tuple[re.Match[str], str] | None:
    """Where the documents say something, and in which words to point there."""
    if told := _in_steps(scene.design.steps, pattern):
        return told
    for line in (*scene.subject.targets, *scene.subject.facts):
        if found := pattern.search(line):
            return found, f"the documents: {line}"
    return None


@lru_cache(maxsize=8)
def _in_steps(
    steps: tuple[JourneyStep, ...], pattern: re.Pattern[str]
) -> tuple[re.Match[str], str] | None:
    for step in steps:
        if found := pattern.search(f"{step.title}. {step.text}"):
            return found, f'step "{step.title}"'
    return None


def _offline(scene: Scene) -> Advice:
    if found := _said(scene, _OFFLINE):
        return Advice(("yes",), f'"{found[0].group()}" in {found[1]}')
    return Advice(("no",), "no document speaks of work without a connection")


def _guessable(_: Scene) -> Advice:
    return Advice(("no",), "ids appear in URLs: nobody should be able to guess the next one")


def _inserts(scene: Scene) -> Advice:
    found = _said(scene, _RATE)
    digits = re.sub(r"\D", "", found[0].group(1)) if found else ""
    if found and digits:
        rate = int(digits) * (1_000 if found[0].group(2) else 1)
        return Advice((str(rate),), f"said in {found[1]}")
    return Advice((str(USUAL_INSERTS),), "no document states a rate, and few products see more")


def _identifiers(scene: Scene) -> Advice:
    """Offline or several writers, or not guessable: UUID; else counted numbers."""
    stack = scene.subject
    if stack.offline == "yes":
        return Advice(("uuid",), "rows are made where no database can hand out numbers")
    if stack.guessable == "yes":
        if (stack.inserts_per_second or 0) > MANY_INSERTS:
            return Advice(("bigint",), "at that rate keys in order keep the index in memory")
        return Advice(("bigint",), "one database counts, and nobody minds a guess: the smallest")
    return Advice(("uuid",), "an id must not tell the next one")


def _version_7(scene: Scene) -> str:
    lacking = CAPABILITIES.get(scene.subject.database or "postgresql", {}).get("uuid7")
    if lacking and lacking.applies(numbered(scene.subject.version)):
        return f"here {lacking.how}"
    return "in order of time (version 7), so that new rows lie together"


def _id_choices(scene: Scene) -> tuple[Choice, ...]:
    return (
        Choice("uuid", "UUID", "16 bytes that cannot be guessed, made anywhere, even offline; "
               f"{_version_7(scene)}", "names"),
        Choice("uuid-v4", "UUID at random (version 4)", "16 bytes that tell nothing, not even when "
               "they were made; each new row lies anywhere in the index", "names"),
        Choice("bigint", "counted numbers (BIGINT)", "8 bytes, in order: smallest and fastest, but "
               "guessable; one database counts", "names"),
    )  # fmt: skip


def _own_names(scene: Scene) -> tuple[str, ...]:
    """Three names that the design or its journey knows."""
    named = tuple(e.name for e in scene.lookup.tables) or strongest_names(scene.design)
    return named[:3] or ("User", "Order", "Usage event")


def _tables_of(scene: Scene, counted: str) -> str:
    return ", ".join(table_name(name, counted) for name in _own_names(scene))


def _name_choices(scene: Scene) -> tuple[Choice, ...]:
    words = RESERVED.get(scene.subject.database or "postgresql", frozenset())
    taken = [snake(name) for name in _own_names(scene) if snake(name) in words]
    quoted = f"; {', '.join(taken)} must be quoted everywhere" if taken else ""
    return (
        Choice("plural", "plural", f"{_tables_of(scene, 'plural')}: a table is a set of rows",
               "targets"),
        Choice("singular", "singular", f"{_tables_of(scene, 'singular')}: a table is called like "
               f"its class{quoted}", "targets"),
    )  # fmt: skip


def _kept(field: str) -> Advise:
    """Advice to keep what the documents say."""

    def advise(scene: Scene) -> Advice:
        return Advice(getattr(scene.subject, field), "as far as the documents say")

    return advise


def _listed(scene: Scene, field: str) -> tuple[Choice, ...]:
    lines = getattr(scene.subject, field)
    return tuple(Choice(line, line, "kept in the document") for line in lines)


TREE: Final = Tree(
    "stack",
    "Stack",
    "stack",
    "stack",
    (
        Node(
            "database", "database", "Which database will {product} use?",
            "Types, constraints and what must be emulated all follow from it.",
            _documented("database", _database), _databases, then="version",
            example="A club's app on one small server can live in a SQLite file; when two servers "
            "write at once, it needs PostgreSQL.",
        ),
        Node(
            "version", "version", "Which version of it?",
            "Some features came late: native UUID v7, virtual columns, STRICT tables.",
            _documented("version", _version), form="text", then="language", check=_a_version,
            example="PostgreSQL 14 cannot make NULLs equal in a UNIQUE; 15 and later can.",
        ),
        Node(
            "language", "language", "Which language talks to the database?",
            "It decides which migration tools fit.",
            _documented("language", fixed("other", "no document names one: plain SQL files are "
                                          "written")),
            (
                Choice("python", "Python", "Alembic fits, or Django's migrations", "framework"),
                Choice("typescript", "TypeScript", "Prisma fits, or TypeORM, Drizzle, Sequelize",
                       "framework"),
                Choice("javascript", "JavaScript", "Prisma fits, or Drizzle, TypeORM, Sequelize",
                       "framework"),
                Choice("go", "Go", "golang-migrate takes the SQL files as they are", "framework"),
                Choice("ruby", "Ruby", "Rails migrations fit", "framework"),
                Choice("other", "another", "SQL files, which every tool can run", "tenancy"),
            ),
            then="framework",
            example="The API of {product} is written in Python, its screens in TypeScript: Python, "
            "because the API talks to the database.",
        ),
        Node(
            "framework", "framework", "Which framework serves the requests?",
            "Frameworks bring habits: FastAPI with Alembic, Next.js with Prisma.",
            _documented("framework", fixed("none", "no document names one")),
            form="text", then="tenancy",
            example="django: its own migrations are then recommended, not Alembic.",
        ),
        Node(
            "tenancy", "tenancy",
            "Do groups of users share the database without seeing each other's data?",
            "Separating them later touches every table, key and query.",
            _documented("tenancy", _tenancy),
            (
                Choice("none", "no groups", "rows belong to people or the system", "offline"),
                Choice("shared", "yes, in shared tables", "a group entity; rows are reached "
                       "through it", "offline"),
                Choice("separate", "yes, each in its own schema or database", "this schema is "
                       "written once and applied once per group", "offline"),
            ),
            then="offline",
            example="Two companies use {product}; neither may ever see a row of the other: shared "
            "tables with a column that says whose a row is.",
        ),
        Node(
            "offline", "offline",
            "Are rows made by several writers on their own, or on devices without a connection?",
            "Whoever makes a row without asking one database cannot be given the next number.",
            _offline,
            (
                Choice("no", "no, one database makes them", "numbers are possible", "guessable"),
                Choice("yes", "yes", "UUIDs: two writers never make the same", "identifiers"),
            ),
            example="A phone saves a row in a tunnel and sends it an hour later: its id must be "
            "made on the phone.",
        ),
        Node(
            "guessable", "guessable",
            "May somebody outside guess the next id?",
            "Counted ids in addresses tell how many there are, and invite people to try the next.",
            _guessable,
            (
                Choice("no", "no, that does harm", "UUIDs: the next cannot be guessed",
                       "identifiers"),
                Choice("yes", "yes, that does no harm", "counted numbers are possible", "inserts"),
            ),
            example="Whoever receives /invoices/1041 tries /invoices/1042.",
        ),
        Node(
            "inserts", "inserts_per_second", "How many rows a second will be inserted at the peak?",
            "Above 10,000 a second the order and the size of keys decide whether an index stays in "
            "memory.",
            _inserts, form="number", then="identifiers",
            example="4,000 meters that report every second: 4000.",
        ),
        Node(
            "identifiers", "identifiers", "What identifies a row?",
            "Every foreign key repeats this type, so changing it later rewrites all tables.",
            _documented("identifiers", _identifiers), _id_choices, then="names",
            example="8b1e6f0a-6c1d-4f5e-9a53-0d6a4f1f2b7c, or 1041.",
        ),
        Node(
            "names", "names", "How are tables named?",
            "One habit everywhere: nobody has to look up whether it was user or users.",
            fixed("plural", "the habit of most SQL, Rails and Django projects"), _name_choices,
            then="targets",
            example="SELECT … FROM users, or SELECT … FROM \"user\".",
        ),
        Node(
            "targets", "targets", "Which answer times, rates or uptimes are promised?",
            "An index or a cache that no promise needs is only cost.",
            _kept("targets"), lambda scene: _listed(scene, "targets"),
            form="several", own_words=True, separator=";", then="facts",
            example="Any list of {product} | p95 below 300 ms.",
        ),
        Node(
            "facts", "facts", "What else is decided: caches, queues, hosting, sign-in?",
            "It decides what need not be in the database.",
            _kept("facts"), lambda scene: _listed(scene, "facts"),
            form="several", own_words=True, separator=";",
            example="cache: Redis 7, for rendered reports.",
        ),
    ),
    lambda scene: f"{scene.subject.database or 'postgresql'} {scene.subject.version or ''}".strip(),
)  # fmt: skip

_TITLES: Final = {
    "identifiers": "row ids", "tenancy": "groups", "guessable": "guessing ids is harmless",
    "offline": "made offline", "inserts": "inserts a second", "names": "table names",
}  # fmt: skip
_SHORT: Final = frozenset(("offline", "guessable", "inserts", "facts", "targets"))
"""What the rows leave to the outcome, or show line by line."""


def _rows(design: Design) -> tuple[Row, ...]:
    """One row a field of the stack with the line that says it, then what else is said."""
    sources = {note.id: note.source for note in design.notes if note.source}
    rows = []
    for node in TREE.nodes:
        value = getattr(design.stack, node.field)
        if value and node.id not in _SHORT:
            because = sources.get(f"stack.{node.id}", "")
            title = _TITLES.get(node.id, node.id)
            rows.append(Row(f"stack.{node.id}", title, str(value), because, optional=False))
    return (*rows, *_told(design))


def _told(design: Design) -> tuple[Row, ...]:
    """What the documents say besides: caches, queues, answer times."""
    rows = []
    for number, fact in enumerate(design.stack.facts, 1):
        field, _, rest = fact.partition(": ")
        value, _, place = rest.rpartition(" (")
        said = (value, place.rstrip(")")) if value else (rest, "")
        rows.append(Row(f"fact {number}", field, *said, optional=False))
    targets = (Row(f"target {number}", "promised", target, optional=False)
               for number, target in enumerate(design.stack.targets, 1))  # fmt: skip
    return (*rows, *targets)


def _headline(design: Design) -> str:
    notation = NOTATIONS.get(design.stack.database or "")
    return f"{notation.title if notation else None} {design.stack.version or ''}"


STEP: Final = Step(
    "stack",
    "Stack",
    "The database and the tools decide which types, constraints and files there will be.",
    (TREE,),
    rows=_rows,
    headline=_headline,
)
