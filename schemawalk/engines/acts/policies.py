"""Policies made to act: whoever asks sees and writes its own tenant's rows, and no others."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial

from schemawalk.engines.acts.named_roles import as_each_role, hands_over
from schemawalk.engines.acts.scenes import Scene, Stage, Try
from schemawalk.engines.acts.sessions import WITNESS, must_be_forbidden
from schemawalk.engines.engine import EngineError
from schemawalk.engines.row_proof import RowProof
from schemawalk.engines.verdict import Attempts, DisprovedError
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.things import Policy


def policy_acts(policy: Policy, rows: RowProof) -> Attempts:
    """What a policy hides, refuses, and keeps from the table's owner; then as each role there is.

    The attempts share one scene: each is to be made before the next one is asked for.
    """
    tries: tuple[tuple[str, Try], ...] = (
        ("shows another role the rows of its own tenant alone", _sees_its_own),
        (f"shows another role no row without {policy.setting}", _sees_nothing),
        ("refuses a row for somebody else", _inserts_its_own),
        ("refuses to hand a row over to somebody else", _keeps_its_own),
        ("binds its owner too", _binds_its_owner)
        if policy.forced
        else ("lets its owner's triggers write for all", _lets_its_owner),
    )
    with ExitStack() as until:
        stage = Stage(policy, rows, until)
        for said, work in (*tries, *as_each_role(policy, rows.schema)):
            yield f"{policy.table}: {said}", partial(stage.play, work)


def _sees_its_own(scene: Scene) -> None:
    scene.become_witness()
    scene.ask(scene.tenants[0])
    if not scene.sees(scene.own):
        raise DisprovedError("it does not see its own row")
    if scene.sees(scene.others):
        raise DisprovedError("it sees the row of another tenant")
    where, values = scene.rows.identified(scene.table, scene.others)
    column = POSTGRESQL.quoted(scene.table.primary_key.columns[0])
    for sql in (f"DELETE FROM {where}", _update(where, column)):
        with scene.engine.savepoint():
            if scene.engine.rows(f"{sql} RETURNING 1", values):
                raise DisprovedError("it changes the row of another tenant")


def _update(where: str, column: str) -> str:
    table, _, condition = where.partition(" WHERE ")
    return f"UPDATE {table} SET {column} = {column} WHERE {condition}"


def _sees_nothing(scene: Scene) -> None:
    scene.become_witness()
    for tenant in (None, ""):
        if tenant is not None:
            scene.ask(tenant)
        if scene.sees(scene.own) or scene.sees(scene.others):
            raise DisprovedError("it sees a row")


def _inserts_its_own(scene: Scene) -> None:
    scene.become_witness()
    scene.ask(scene.tenants[2])
    with scene.engine.savepoint():
        scene.rows.insert(scene.new)
    scene.ask(scene.tenants[0])
    sql, values = scene.rows.insertion(scene.foreign[0])
    must_be_forbidden(scene.engine, sql, values, "the row")


def _keeps_its_own(scene: Scene) -> None:
    scene.become_witness()
    scene.ask(scene.tenants[0])
    must_be_forbidden(scene.engine, *hands_over(scene), "the change")


def _lets_its_owner(scene: Scene) -> None:
    _give_away(scene)
    with scene.engine.savepoint():
        scene.engine.execute(*scene.rows.insertion(scene.foreign[0]))


def _give_away(scene: Scene) -> None:
    """Make the witness the table's owner, and act as it."""
    name = POSTGRESQL.quoted(scene.table.name)
    try:
        scene.engine.execute(f"ALTER TABLE {name} OWNER TO {WITNESS}")
    except EngineError as error:
        raise DisprovedError(f"it cannot be given to another owner: {error}") from error
    scene.become_witness()


def _binds_its_owner(scene: Scene) -> None:
    _give_away(scene)
    scene.ask(scene.tenants[0])
    if not scene.sees(scene.own) or scene.sees(scene.others):
        raise DisprovedError("its owner sees the row of another tenant")
