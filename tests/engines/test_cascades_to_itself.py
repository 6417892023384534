"""ON UPDATE CASCADE to the same table: InnoDB refuses the change, which is said and proven."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.model import Schema, Table
from tests.engines.migrations import migration, outcome
from tests.schemas import column, index, key, reference


def nodes() -> Schema:
    """Nodes known by their code, each perhaps below another."""
    above = replace(reference("nodes", "parent_code", "nodes", "SET NULL"),
                    referenced_columns=("code",), on_update="CASCADE")  # fmt: skip
    columns = (column("code", "varchar", precision=20),
               column("parent_code", "varchar", null=True, precision=20))  # fmt: skip
    return Schema((Table("nodes", columns, key("nodes", "code"), foreign_keys=(above,),
                         indexes=(index("ix_nodes_parent_code", "parent_code"),)),))  # fmt: skip


@pytest.mark.parametrize("database", ["mariadb", "mysql"])
def test_a_key_to_its_own_table_follows_no_change(
    database: str, request: pytest.FixtureRequest
) -> None:
    """InnoDB would take CASCADE, and refuse all the same."""
    (finding,) = fit(nodes(), database).findings
    assert finding.rule == f"{database}-lossy-update-itself"
    with open_engine(database, request.getfixturevalue(f"{database}_url")) as engine:
        schema, up, down = migration(nodes(), engine)
        assert "ON UPDATE CASCADE" not in up
        assert outcome(prove(engine, schema, up, down)) == []


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_others_follow(database: str) -> None:
    fitted = fit(nodes(), database)
    assert fitted.findings == ()
    assert fitted.schema.table("nodes").foreign_keys[0].on_update == "CASCADE"
