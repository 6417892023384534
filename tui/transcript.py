"""What stays in the scrollback of a walk: each step, the answers given, and how to go on."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, set_cell_size

from schemawalk.design.model import Design
from schemawalk.printable import one_line
from tui.safe import cut

if TYPE_CHECKING:
    from wizard_steps.asking.question import Question

MOST: Final = 40
"""Lines of a transcript with its end, as long as the walk has no more steps than fit."""
NARROWEST: Final = 24
"""Columns below which lines are not made any narrower."""
END: Final = 10
"""Lines kept for how to go on."""
AIRY: Final = 8
"""Steps up to which there is a line of air between them."""

_RAIL: Final = "│"
_ENTRY: Final = "│    "
_INNER: Final = "│      "


@dataclass(frozen=True, slots=True)
class _Passed:
    """One step that somebody went through: its title, and an entry of lines for each answer."""

    title: list[str]
    own: list[list[str]]
    """Answers that somebody gave of their own accord: with a reason, or not as recommended."""
    usual: list[list[str]]

    @property
    def entries(self) -> list[list[str]]:
        """All answers, those first that somebody thought about."""
        return [*self.own, *self.usual]


def transcript(before: Design, after: Design, width: int) -> list[str]:
    """What was answered between two states of a design, on lines of at most `width` cells.

    Each step that was gone through is there, with its headline; of the answers as many as there is
    room for, first those that somebody thought about.
    """
    width = max(width, NARROWEST)
    passed = list(_passed(before, after, width))
    name = cut(after.product.name or "a design", width - 16)
    head = [f"┌  Schemawalk · {name}"]
    if not passed:
        return [*head, _RAIL, "◇  Nothing was answered this time", _RAIL]
    airy = len(passed) <= AIRY
    titles = sum(len(step.title) + airy for step in passed)
    counts = _shared(passed, MOST - END - len(head) - 1 - titles)
    lines = [*head, *([] if airy else [_RAIL])]
    for step, count in zip(passed, counts, strict=True):
        lines += [*([_RAIL] if airy else []), *step.title]
        lines += [line for entry in step.entries[:count] for line in entry]
        if 0 < count < len(step.entries):
            lines.append(f"{_ENTRY}… and {len(step.entries) - count} more")
    return [*lines, _RAIL]


def parting(
    folder: str, progress: tuple[int, int], written: Sequence[str], width: int
) -> list[str]:
    """The end of a transcript: how far it is, what was written, and the commands to go on with.

    Commands stay whole, however narrow the lines are, so that they can be copied.
    """
    width = max(width, NARROWEST)
    done, total = progress
    place = shlex.quote(one_line(folder))
    lines = [f"◇  {done} of {total} answered, all saved"]
    if written:
        lines += _wrapped(f"Written: {_files(written)}", width, "│  ", "│    ")
    lines += [_RAIL, "│  Go on:", f"{_ENTRY}schemawalk {place}"]
    lines += ["│  The same design without a question:",
              f"{_ENTRY}schemawalk questions {place} --answers > answers.toml",
              f"{_ENTRY}schemawalk answer NEW --answers answers.toml"]  # fmt: skip
    return [*lines, "└"]


def _files(paths: Sequence[str]) -> str:
    """How many files, and the folder that they have in common."""
    from posixpath import commonpath, dirname

    common = commonpath([dirname(path) for path in paths])
    count = f"{len(paths)} files" if len(paths) > 1 else "1 file"
    return f"{count} in {common}" if common else count


def _passed(before: Design, after: Design, width: int) -> Iterator[_Passed]:
    """The steps that were gone through, in the order of the walk."""
    from wizard_steps import walk

    earlier = {q.id: q.answer for q in walk.questions(before)}
    given = [q for q in walk.questions(after) if _is_given(q, earlier)]
    reasons = {note.id: note.why for note in after.notes}
    thought = {note.id for note in after.notes if note.by == "user"}
    for step in walk.WALK:
        here = [q for q in given if q.step == step.id]
        newly = step.id in after.done and step.id not in before.done
        if not here and not newly:
            continue
        own = [q for q in here if q.id in thought]
        usual = [q for q in here if q.id not in thought]
        yield _Passed(
            _title(step.title, step.headline(after), len(here), width),
            [_entry(q, reasons.get(q.id, ""), width) for q in own],
            [_entry(q, reasons.get(q.id) or _because(q), width) for q in usual],
        )


def _because(asked: Question) -> str:
    return asked.because if asked.answer == asked.recommended else ""


def _is_given(asked: Question, earlier: dict[str, tuple[str, ...] | None]) -> bool:
    return asked.answer is not None and asked.answer != earlier.get(asked.id)


def _title(title: str, headline: str, count: int, width: int) -> list[str]:
    """A step's line: what it is called, what it came to, how much was answered."""
    answers = f"{count} answers" if count != 1 else "1 answer"
    said = " · ".join(filter(None, (one_line(headline), answers if count else "")))
    return _wrapped(f"{title}: {said}" if said else title, width, "◇  ", "│  ")


def _entry(asked: Question, why: str, width: int) -> list[str]:
    """One answer: what was asked, what was said, and why."""
    said = ", ".join(asked.label(value) for value in asked.answer or ()) or "none"
    about = "" if asked.about in asked.prompt or not asked.subject else f"{asked.about}: "
    lines = _wrapped(f"{about}{asked.prompt} → {said}", width, _ENTRY, _INNER)
    return lines + ([_INNER + cut(why, width - cell_len(_INNER))] if why else [])


def _shared(passed: Sequence[_Passed], room: int) -> list[int]:
    """How many answers of each step are shown: one of each in turn, own ones before the others."""
    counts, stuck = [0] * len(passed), set[int]()
    for kind in ([step.own for step in passed], [step.entries for step in passed]):
        rounds = zip_longest(*kind)
        for number, entries in enumerate(rounds):
            for at, entry in enumerate(entries):
                if entry is None or number < counts[at] or at in stuck:
                    continue
                need = len(entry) + (1 if counts[at] == 0 and len(passed[at].entries) > 1 else 0)
                if need > room:
                    stuck.add(at)
                    continue
                room -= need
                counts[at] += 1
    return counts


def _wrapped(text: str, width: int, first: str, rest: str) -> list[str]:
    """The text on lines of at most `width` cells; a word too long for one is cut."""
    lines, line = [], first
    for word in one_line(text).split(" "):
        begun = line not in (first, rest)
        if begun and cell_len(line) + 1 + cell_len(word) > width:
            lines.append(line)
            line, begun = rest, False
        line += f" {word}" if begun else word
        if cell_len(line) > width:
            line = set_cell_size(line, width - 1).rstrip() + "…"
    return [*lines, line]
