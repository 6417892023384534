"""From a design to its files: what the commands and the screen both do."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from schemawalk.design.model import Design
from schemawalk.schema.capability.fit import numbered
from schemawalk.schema.review import review
from schemawalk.writers.work import Work

if TYPE_CHECKING:
    from schemawalk.writers.output import Plan

Progress = Callable[[int, int, str], None]
"""Called with how much is done, how much there is, and the name of what is at hand."""

DEFAULT_DATABASE: Final = "postgresql"


class DeliveryError(Exception):
    """A design cannot be written or proven as it is; the message says why and what to do."""


@dataclass(frozen=True)
class Delivery:
    """What would be written where; nothing is on the disk yet."""

    work: Work
    texts: dict[str, str]
    plan: Plan


def work_for(design: Design, database: str | None = None, server: str | None = None) -> Work:
    """The design's schema, reviewed and fitted to a database (its own unless another is named).

    `server` is the version of a real one, which counts instead of the design's where it is older.
    Raises KeyError when `database` is not one of `NOTATIONS`.
    """
    own = design.stack.database or DEFAULT_DATABASE
    wanted = database or own
    version = _older(design.stack.version if wanted == own else None, server)
    meant = design
    if database or server:
        stack = design.stack.model_copy(update={"database": wanted, "version": version})
        meant = design.model_copy(update={"stack": stack})
    reviewed = review(meant)
    if reviewed.fitted is None:
        raise KeyError(wanted)
    return Work(design, reviewed.fitted, wanted, reviewed.findings, reviewed.waived)


def _older(meant: str | None, real: str | None) -> str | None:
    """The version that both have reached; one that nobody named is the newest."""
    newer = meant is None or (real is not None and numbered(real) < numbered(meant))
    return real if newer else meant


def deliver(
    design: Design,
    root: Path,
    *,
    only: Sequence[str] = (),
    restart: bool = False,
    clean: bool = False,
    progress: Progress | None = None,
) -> Delivery:
    """Write every chosen output to memory and compare with what lies in `root`.

    `only` names outputs; without it the design's tools decide.  `restart` writes the first
    migration anew although it was written before; `clean` removes what no output makes any more.
    Raises DeliveryError, WriterError, OutputError.
    """
    from schemawalk.writers import registry
    from schemawalk.writers.output import plan

    writers = registry.by_names(only) if only else registry.chosen(design)
    layout = registry.LAYOUTS["stack-driven"]
    with no_collection():
        work = work_for(design)
        if not work.schema.tables:
            raise DeliveryError(
                'There is no table yet: the step "Entities" of the walk chooses them.'
            )
        texts = registry.write_all(work, writers, layout, progress)
    once = registry.once(writers, layout)
    made = plan(
        texts, root, once=once, restart=restart, clean=clean, complete=not only,
        database=work.database,
    )  # fmt: skip
    return Delivery(work, texts, made)


@contextmanager
def no_collection() -> Iterator[None]:
    """Without the cyclic garbage collector: nothing that is made here can be thrown away yet.

    Looking through a large schema again and again would cost a quarter of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
