"""Whoever forgets a person needs no key to what was encrypted about them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from schemawalk.delivery import work_for
from schemawalk.design.model import Design
from schemawalk.design.whole import Keeping
from schemawalk.engines.engine import Engine, EngineError
from schemawalk.engines.proof import prove
from schemawalk.engines.registry import open_engine
from schemawalk.writers import sql
from schemawalk.writers.work import Work
from tests.engines.migrations import changed, outcome
from tests.engines.test_keys import NEEDS_CONTRIB
from tests.schema.designs import entity, fact

pytestmark = NEEDS_CONTRIB
KEYLESS = "SELECT set_config('app.encryption_key', '', false)"


@pytest.fixture
def bank() -> Work:
    """People with an account number that the database encrypts."""
    iban = fact("person", "iban", sensitivity="secret", protection="encrypt",
                protected_by="database", required="start", kind="identifier")  # fmt: skip
    name = fact("person", "name", sensitivity="personal", required="start")
    person = entity("Person", name, iban, archetype="person", forget="anonymise")
    design = Design(entities=(person,), keeping=Keeping(forget="anonymise"))
    return work_for(design, "postgresql", "15")


@pytest.fixture
def engine() -> Iterator[Engine]:
    with open_engine("postgresql", extensions=("pgcrypto",)) as opened:
        yield opened


def test_a_person_is_forgotten_without_the_key(engine: Engine, bank: Work) -> None:
    engine.run(sql.up(bank.schema, bank.dialect))
    made = "INSERT INTO people (name, iban) VALUES ('Ada', 'DE12') RETURNING id, iban"
    person, cipher = engine.rows(made)[0]
    engine.rows(KEYLESS)
    assert engine.rows("SELECT people_forget($1)", (person,)) == [(1,)]
    assert engine.rows("SELECT iban = $1 FROM people", (cipher,)) == [(False,)]
    assert engine.rows("SELECT current_setting('app.encryption_key')") == [("",)]
    with pytest.raises(EngineError, match=r"is not kept without app\.encryption_key"):
        engine.execute("UPDATE people SET iban = 'DE34'")


def test_a_forgetting_that_wants_the_key_is_noticed(engine: Engine, bank: Work) -> None:
    up, down = (write(bank.schema, bank.dialect) for write in (sql.up, sql.down))
    assert outcome(prove(engine, bank.schema, up, down)) == []
    without = changed(up, r"\n  SET app\.encryption_key = '[^']*'", "")
    failed = {check.name for check in prove(engine, bank.schema, without, down).failed}
    assert "people_forget: leaves secrets that nobody knows" in failed
