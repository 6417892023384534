"""Prisma 7: the schema, its configuration, and the first migration in hand-written SQL.

The migration is the same SQL as the SQL writer's, because Prisma's own would lack the CHECKs,
partial indexes and comments.  What `prisma migrate` sees of the database then equals the schema.
"""

from __future__ import annotations

import json
from typing import Final

from schemawalk.writers.prisma_schema import schema_text
from schemawalk.writers.sql import up_groups
from schemawalk.writers.work import Files, Work, header

FOLDER: Final = "prisma"
MIGRATION: Final = "00000000000001_initial"
"""Fourteen digits as in the names that Prisma gives, and before all of them: they are dates."""

_CONFIG: Final = """\
import { defineConfig } from "prisma/config";

// Prisma reads no .env file by itself. Without DATABASE_URL, `prisma generate` and
// `prisma validate` still work; whatever connects then says that the address is empty.
export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  datasource: { url: process.env.DATABASE_URL ?? "" },
});
"""
_RUN: Final = "-- Run it with: npx prisma migrate deploy\n\n"

# PostgreSQL runs a file as one transaction anyway, and an aborted one of ours would keep Prisma
# from noting that the migration failed.
_OPENS_TRANSACTION: Final = frozenset({"sqlite"})


def files(work: Work) -> Files:
    """Schema, configuration and first migration of a Prisma project.

    Raises KeyError for a database that is neither PostgreSQL nor SQLite.
    """
    return {
        f"{FOLDER}/schema.prisma": header("//") + "\n" + schema_text(work.schema, work.dialect),
        "prisma.config.ts": header("//") + "\n" + _CONFIG,
        f"{FOLDER}/migrations/{MIGRATION}/migration.sql": _migration(work),
        f"{FOLDER}/migrations/migration_lock.toml": _lock(work),
    }


def _migration(work: Work) -> str:
    groups = tuple(up_groups(work.schema, work.dialect))
    if work.database in _OPENS_TRANSACTION:
        groups = ("BEGIN;", *groups, "COMMIT;")
    return header("--") + _RUN + "\n\n".join(groups) + "\n"


def _lock(work: Work) -> str:
    return header("#") + f"provider = {json.dumps(work.database)}\n"
