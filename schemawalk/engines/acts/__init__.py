"""What stands around the tables, made to act: one function a kind gives the attempts to make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from schemawalk.engines.acts.policies import policy_acts
from schemawalk.engines.acts.protection import protect_acts
from schemawalk.engines.acts.roles import grant_acts, role_acts
from schemawalk.engines.acts.routines import routine
from schemawalk.engines.acts.rule_triggers import asserted_acts, limit_acts, parent_acts
from schemawalk.engines.acts.trails import audit_acts, history_acts
from schemawalk.engines.acts.triggers import guard_acts, seal_acts, stamp_acts
from schemawalk.engines.acts.views import view_acts
from schemawalk.engines.row_proof import RowProof
from schemawalk.engines.verdict import Attempts
from schemawalk.schema.routine import Routine
from schemawalk.schema.things import (
    Apart,
    Asserted,
    Audit,
    Grant,
    Guard,
    History,
    Limit,
    ParentRule,
    Policy,
    Protected,
    Role,
    Sealed,
    Stamp,
    Thing,
    View,
)

Act = Callable[[Any, RowProof], Attempts]

ACTS: Final[Mapping[type, Act]] = {
    Stamp: stamp_acts,
    Guard: guard_acts,
    Asserted: asserted_acts,
    Limit: limit_acts,
    ParentRule: parent_acts,
    Sealed: seal_acts,
    Protected: protect_acts,
    Audit: audit_acts,
    History: history_acts,
    Apart: lambda thing, rows: rows.kept_apart(rows.schema.table(thing.table), thing),
    View: view_acts,
    Policy: policy_acts,
    Routine: routine,
    Role: role_acts,
    Grant: grant_acts,
}
"""By kind of thing."""


def acts(thing: Thing, rows: RowProof) -> Attempts:
    """The attempts that show what a thing does; nothing for a kind that has no act of its own."""
    act = ACTS.get(type(thing))
    if act is not None:
        yield from act(thing, rows)
