"""Schemas with the SQL that makes them and takes them back, as one engine takes it."""

from __future__ import annotations

import re

from schemawalk.engines.engine import Engine
from schemawalk.engines.verdict import Proof
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.dialects.registry import DIALECTS
from schemawalk.schema.model import Schema
from schemawalk.writers import sql


def migration(
    schema: Schema, engine: Engine, version: str | None = None
) -> tuple[Schema, str, str]:
    """The schema as the engine's database can hold it, of a version, and its two scripts."""
    fitted = fit(schema, engine.name, version).schema
    dialect = DIALECTS[engine.name]
    return fitted, sql.up(fitted, dialect), sql.down(fitted, dialect)


def changed(script: str, pattern: str, replacement: str) -> str:
    """The script with one thing in it changed; fails when the thing is not there once."""
    made, times = re.subn(pattern, replacement, script)
    assert times == 1, f"{pattern!r} is there {times} times"
    return made


def outcome(proof: Proof) -> list[str]:
    """Everything that is not as it should be, one line a check, for a test's message."""
    return [f"{check.name}: {check.detail}" for check in proof.checks if not check.ok]
