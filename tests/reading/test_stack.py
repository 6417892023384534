"""What was chosen is read from the documents; what was turned down is not."""

from __future__ import annotations

import pytest

from schemawalk.reading.stack import Fact, read_stack


def facts(text: str) -> dict[str, Fact]:
    """Return the facts of one document by field; the first of each."""
    found: dict[str, Fact] = {}
    for fact in read_stack({"tech-stack.md": text}):
        found.setdefault(fact.field, fact)
    return found


def values(text: str) -> dict[str, str]:
    """Return their values."""
    return {field: fact.value for field, fact in facts(text).items()}


def test_labelled_lines() -> None:
    """Database, version, backend and the services around it, each with its line."""
    found = facts(
        "# Stack\n\n**Frontend**: Next.js 15 (TypeScript)\n**Backend**: FastAPI (Python 3.12)\n"
        "**Database**: PostgreSQL 16\n**Cache**: Valkey\n**Queue**: RabbitMQ\n**Auth**: Keycloak\n"
        "**Storage**: MinIO\n"
    )
    assert {field: fact.value for field, fact in found.items()} == {
        "database": "postgresql",
        "version": "16",
        "framework": "fastapi",
        "language": "python",
        "cache": "Valkey",
        "queue": "RabbitMQ",
        "auth": "Keycloak",
        "storage": "MinIO",
    }
    assert (found["database"].file, found["database"].line) == ("tech-stack.md", 5)
    assert found["database"].quote == "Database: PostgreSQL 16"


def test_a_table_with_versions_and_alternatives() -> None:
    """The version has its own column; alternatives have theirs, and a row may say no."""
    found = values(
        "| Layer | Choice | Version | Alternatives |\n|---|---|---|---|\n"
        "| Database | MariaDB | 11.4+ | PostgreSQL, MySQL |\n"
        "| Backend | NestJS | 10 | Express |\n| ORM | TypeORM | - | Prisma |\n"
        "| MongoDB | Rejected | - | - |\n"
    )
    assert found["database"] == "mariadb"
    assert found["version"] == "11.4"
    assert (found["framework"], found["language"], found["tool"]) == (
        "nestjs",
        "typescript",
        "typeorm",
    )


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("We use PostgreSQL 16 instead of MySQL.", "postgresql"),
        ("Instead of MySQL we use PostgreSQL.", "postgresql"),
        ("Unlike MongoDB, our choice PostgreSQL has joins.", "postgresql"),
        ("Rather than MySQL, we chose PostgreSQL.", "postgresql"),
        ("We rejected MySQL. Everything is stored in SQLite.", "sqlite"),
        ("**Database**: ~~MySQL~~ MariaDB 11", "mariadb"),
        ("## Alternatives considered\n- MySQL\n## Choice\nWe use MongoDB 7.", "mongodb"),
        ("## Why not MongoDB\nMongoDB is fine.\n## Database\n- **Choice**: SQLite", "sqlite"),
        (
            "## What we DIDN'T choose\n### MySQL\n**Database**: MySQL\n## Now\nPostgres.",
            "postgresql",
        ),
        ("**Alternatives considered:**\n- MySQL\n- SQLite\n\n**Database:**\n- MariaDB", "mariadb"),
        ("Data lives in MongoDB. We moved away from PostgreSQL.", "mongodb"),
        ("We compared MySQL and SQLite, but we chose PostgreSQL over both.", "postgresql"),
        ("- Database: SQLite (tests), PostgreSQL 16 (production)", "postgresql"),
        ("Why PostgreSQL over MySQL? Because of ranges.", "postgresql"),
        ("Database: PostgreSQL (not MySQL)\nDatabase: MySQL", "postgresql"),
    ],
)
def test_what_was_turned_down_is_not_chosen(text: str, chosen: str) -> None:
    """Sections, rows, struck names and clauses that say no are passed over."""
    assert values(text)["database"] == chosen


def test_only_rejections_choose_nothing() -> None:
    """A document that only says no proposes no database."""
    assert "database" not in values("We rejected MySQL.\n\n## Not chosen\n- MongoDB 7\n")


def test_the_backend_decides_the_language() -> None:
    """The screens may be TypeScript while the server is Go."""
    found = values(
        "- Frontend: React, TypeScript\n- Backend: Go 1.23 with Gin\n- Migrations: goose\n"
    )
    assert (found["language"], found["framework"], found["tool"]) == ("go", "gin", "goose")


def test_node_with_typescript_is_typescript() -> None:
    """Where both are said, the types count."""
    found = values("- Language: TypeScript\n- Backend: Node.js with Express\n- ORM: Prisma\n")
    assert (found["language"], found["framework"], found["tool"]) == (
        "typescript",
        "express",
        "prisma",
    )


@pytest.mark.parametrize(
    ("text", "tenancy"),
    [
        ("Multi-tenant: every table has a tenant_id and row-level security.", "shared"),
        ("We keep one schema per tenant.", "separate"),
        ("The product is single-tenant.", "none"),
    ],
)
def test_tenancy(text: str, tenancy: str) -> None:
    """How groups are kept apart is read from prose."""
    assert values(text)["tenancy"] == tenancy


def test_targets_are_kept_in_their_words() -> None:
    """Lines with a number about speed, all of them, in order."""
    found = read_stack(
        {"architecture.md": "## Speed and performance\n- p95 latency below 200 ms\n- 5,000 users\n"}
    )
    assert [(fact.value, fact.line) for fact in found if fact.field == "target"] == [
        ("p95 latency below 200 ms", 2),
        ("5,000 users", 3),
    ]


def test_the_first_document_wins_between_equals() -> None:
    """The tech stack is trusted before the architecture."""
    found = read_stack({"a.md": "Database: SQLite", "b.md": "Database: MySQL 8"})
    assert [(fact.field, fact.value, fact.file) for fact in found] == [
        ("database", "sqlite", "a.md")
    ]


def test_plain_english_is_no_stack() -> None:
    """Words that are also names of products choose nothing."""
    assert values("Users express a wish, go to the gin shelf, and echo in the spring.") == {}


@pytest.mark.parametrize(
    ("text", "tenant"),
    [
        ("## Tenancy\n\nShared tables: `studio_id` on each table.\n", "studio_id"),
        ("- Every row carries a `practice_id`, compared by row-level security.\n", "practice_id"),
        ("All houses share the tables.\n", "house"),
        ("One database for every bakery.\n", "bakery"),
        ("`tenant_id` on each table.\n", None),
        ("The invoice has a `customer_id`; orders have a `shop_id` sometimes.\n", None),
        ("## Alternatives considered\n\n`studio_id` on each table\n", None),
    ],
)
def test_whose_the_rows_are(text: str, tenant: str | None) -> None:
    """The column on each table names the tenant; a column of one table does not."""
    assert values(f"# Stack\n{text}").get("tenant") == tenant


@pytest.mark.parametrize(
    ("header", "cell", "target"),
    [
        ("p95", "40 ms", "Seats of a show | 3 a second | 40 ms"),
        ("p95 (ms)", "40", "Seats of a show | 3 a second | 40 ms"),
        ("Within", "2 seconds", "Seats of a show | 3 a second | 2 seconds"),
        ("Owner", "Ines", None),
    ],
)
def test_a_column_promises_a_time(header: str, cell: str, target: str | None) -> None:
    """A table of queries needs no heading that speaks of performance."""
    table = (
        f"| What | Calls | {header} |\n|---|---|---|\n| Seats of a show | 3 a second | {cell} |\n"
    )
    assert values(f"# Stack\n## Lookups\n{table}").get("target") == target
