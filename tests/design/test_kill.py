"""kill -9 at any moment leaves a design that opens, and it is one that was saved."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from schemawalk.design.draft import load_draft, save_draft
from schemawalk.design.file import NAME, DesignFile, load
from schemawalk.design.history import History
from schemawalk.design.model import Design
from schemawalk.design.whole import Product
from tests.design.designs import typical

ROUNDS = 40
FORK = multiprocessing.get_context("fork")
BASE = typical(entities=4, attributes=3)
STEPS = ("open", "write", "fsync", "replace", "fsync of the folder")


def names(folder: Path) -> set[str]:
    """What lies in a folder."""
    return {path.name for path in folder.iterdir()}


def numbered(number: int) -> Design:
    """The design of one moment: its number stands in it twice, far apart."""
    update = {
        "product": Product(name=str(number), summary="word " * (number % 50)),
        "dropped": tuple(f"{number}-{place}" for place in range(number % 7)),
        "entities": BASE.entities[: 1 + number % 3],
        "relationships": BASE.relationships[: number % 3],
        "done": (str(number),),
    }
    return BASE.model_copy(update=update)


def answer_for_ever(folder: Path, saved: Event) -> None:
    """Save one design after another, as a session does, until somebody kills this process."""
    with DesignFile.open(folder) as file:
        number = int(file.design.product.name or 0) if file.design.done else 0
        history = History(folder, file.design)
        while True:
            number += 1
            save_draft(folder, "q", "typed " * (number % 30))
            file.save(numbered(number))
            saved.set()
            history.push(numbered(number), str(number))


def killed_after(folder: Path, seconds: float) -> None:
    """Let a process answer for a while after its first save, then kill it by its id."""
    saved = FORK.Event()
    process = FORK.Process(target=answer_for_ever, args=(folder, saved))
    process.start()
    assert process.pid
    assert saved.wait(60)
    time.sleep(seconds)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert process.exitcode == -signal.SIGKILL


def test_a_kill_at_any_moment_loses_nothing_that_was_saved(tmp_path: Path) -> None:
    """Forty kills in a row: the file, the history and the draft always open."""
    delays = random.Random(7)
    before = 0
    for _ in range(ROUNDS):
        killed_after(tmp_path, delays.uniform(0, 0.02))
        design = load(tmp_path / NAME)
        now = int(design.product.name)
        assert design == numbered(now)
        assert now > before
        before = now
        assert History(tmp_path, design).can_undo
        draft = load_draft(tmp_path)
        assert draft is not None
        assert draft[1].replace("typed ", "") == ""
    assert names(tmp_path) - {f".{NAME}.new"} == {".schemawalk", NAME}


def die_at(step: int, folder: Path) -> None:
    """Save a second design and die before the given system call of that save."""
    with DesignFile.open(folder) as file:
        left = iter(range(step, -1, -1))

        def counted(call: object) -> object:
            def dying(*args: object, **kwargs: object) -> object:
                if next(left) == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return call(*args, **kwargs)  # type: ignore[operator]

            return dying

        for name in ("open", "fdopen", "fsync"):
            setattr(os, name, counted(getattr(os, name)))
        Path.replace = counted(Path.replace)  # type: ignore[method-assign, assignment]
        file.save(numbered(2))


@pytest.mark.parametrize("step", range(len(STEPS)), ids=STEPS)
def test_a_kill_inside_a_save_leaves_the_old_design_or_the_new_one(
    tmp_path: Path, step: int
) -> None:
    """Before the rename it is the old one, after it the new one; and the next save works."""
    with DesignFile.open(tmp_path) as file:
        file.save(numbered(1))
    process = FORK.Process(target=die_at, args=(step, tmp_path))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert load(tmp_path / NAME) == numbered(2 if step == len(STEPS) - 1 else 1)
    with DesignFile.open(tmp_path) as file:
        file.save(numbered(3))
    assert load(tmp_path / NAME) == numbered(3)
    assert names(tmp_path) == {".schemawalk", NAME}
