"""Prisma and keys: its engine finds no difference beside ties, exclusions and odd indexes."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemawalk.design.model import Design
from schemawalk.design.whole import Stack
from schemawalk.engines.engine import EngineError
from schemawalk.engines.server import find_binaries, throw_away_server
from schemawalk.schema.derive import derive
from tests.schema.keyed import club, farm
from tests.writers.test_prisma_migrate import DATABASES, project

EXTENSIONS = ("btree_gist", "pg_trgm")
COUNTED = {
    "club": club(stack=Stack(tenancy="shared", identifiers="bigint")),
    "farm": farm(stack=Stack(identifiers="bigint")),
}


@DATABASES
@pytest.mark.parametrize("design", COUNTED.values(), ids=COUNTED)
def test_prisma_has_nothing_to_do_after_it_ran_the_migration(
    design: Design, database: str, tmp_path: Path
) -> None:
    """What its language cannot say is in the database all the same, and in comments."""
    try:
        find_binaries(EXTENSIONS)
    except EngineError as error:
        pytest.skip(str(error))
    with throw_away_server(None, EXTENSIONS) as server:
        made = project(tmp_path, server, derive(design).schema, database)
        first, second, drift = made.prisma("deploy", "deploy", "drift")
        # The engine that looks afterwards takes extensions that are there for somebody else's.
        found = [line for line in made.differences() if not line.startswith("extension ")]
    assert (len(first), second, drift, found) == (1, [], "", [])
