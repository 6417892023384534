"""Rows that somebody left out of a step and took so: they stay in sight, to be taken back in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from schemawalk.design.model import Design
from wizard_steps.asking.steps import Proposal, Row
from wizard_steps.walk import propose, step


def with_left_out(design: Design, proposal: Proposal) -> Proposal:
    """A step's proposal with the rows that were turned down, and their ids."""
    if not design.dropped:
        return proposal
    here = {row.id for row in proposal.rows}
    back = step(proposal.step).back(design, frozenset(design.dropped))
    whole = propose(back, proposal.step).rows
    left = [row.id for row in whole if row.id not in here and row.id in design.dropped]
    rows = tuple(_in_order(proposal.rows, whole, frozenset(left)))
    return replace(proposal, rows=rows, left_out=frozenset(left))


def _in_order(rows: tuple[Row, ...], whole: tuple[Row, ...], left: frozenset[str]) -> Iterator[Row]:
    """The rows, each that is left out behind the one that it follows in the whole."""
    waiting = {row.id: row for row in rows}
    for row in whole if left else ():
        if row.id in left:
            yield row
        elif row.id in waiting:
            for row_id in [*waiting]:
                yield waiting.pop(row_id)
                if row_id == row.id:
                    break
    yield from waiting.values()


def taken_back(design: Design, step_id: str, row_id: str) -> Design:
    """The design with a row that was turned down, and its open questions as recommended."""
    new = step(step_id).back(design, frozenset((row_id,)))
    return propose(new, step_id).design if step_id in design.done else new
