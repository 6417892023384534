"""Shows a reading as plain JSON values: steps, candidates, and the stack."""

from __future__ import annotations

from typing import Any

from schemawalk.reading.candidates import Candidate, candidates, step_candidates
from schemawalk.reading.documents import Reading
from schemawalk.reading.stack import Fact


def reading_json(reading: Reading) -> dict[str, Any]:
    """Return `steps` with their candidates, all `candidates`, and the `stack`, best first.

    A field of the stack that is stated once is an object, one that is stated more often a list.
    """
    overall = candidates(reading.steps, reading.sections)
    return {
        "steps": [
            {
                "id": step.id,
                "title": step.title,
                "line": step.line,
                "candidates": [_in_step(one) for one in step_candidates(step, overall)],
            }
            for step in reading.steps
        ],
        "candidates": [_overall(one) for one in overall],
        "stack": _stack(reading.facts),
    }


def _in_step(candidate: Candidate) -> dict[str, Any]:
    return {
        "name": candidate.name,
        "score": candidate.score,
        "because": list(candidate.because),
    }


def _overall(candidate: Candidate) -> dict[str, Any]:
    return {"name": candidate.name, "score": candidate.score, "steps": list(candidate.steps)}


def _stack(facts: tuple[Fact, ...]) -> dict[str, Any]:
    stated: dict[str, list[dict[str, Any]]] = {}
    for fact in facts:
        shown = {"value": fact.value, "file": fact.file, "line": fact.line}
        stated.setdefault(fact.field, []).append(shown)
    return {field: shown[0] if len(shown) == 1 else shown for field, shown in stated.items()}
