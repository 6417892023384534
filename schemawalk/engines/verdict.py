"""What a proof consists of: checks, each with its outcome, and how one check is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from schemawalk.engines.engine import EngineError
from schemawalk.rows.planned import NoRowError


class DisprovedError(Exception):
    """A database did something else than it should; the message says what."""


@dataclass(frozen=True, slots=True)
class ProofCheck:
    """One thing that was tried on a database."""

    name: str
    ok: bool
    detail: str = ""
    made: bool = True
    """False when there was no way to try it: that is never `ok`."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What an engine showed about a schema and its migration."""

    engine: str
    version: str
    checks: tuple[ProofCheck, ...]

    @property
    def ok(self) -> bool:
        """Whether everything was tried and turned out as it should."""
        return bool(self.checks) and all(check.ok for check in self.checks)

    @property
    def failed(self) -> tuple[ProofCheck, ...]:
        """Checks that turned out otherwise."""
        return tuple(check for check in self.checks if check.made and not check.ok)

    @property
    def not_made(self) -> tuple[ProofCheck, ...]:
        """Checks that there was no way to try."""
        return tuple(check for check in self.checks if not check.made)

    def as_json(self) -> dict[str, object]:
        """The proof as plain values, for `json.dumps`."""
        checks = [
            {"name": check.name, "ok": check.ok, "detail": check.detail} for check in self.checks
        ]
        return {"name": self.engine, "version": self.version, "ok": self.ok, "checks": checks}


Attempt = tuple[str, Callable[[], str]]
"""A check's name, and how to make it: gives a detail, or raises what went wrong."""

Attempts = Iterator[Attempt]


def tried(attempt: Attempt) -> ProofCheck:
    """The outcome of an attempt; whatever it raises becomes the check's detail."""
    name, work = attempt
    try:
        return ProofCheck(name, True, work())
    except NoRowError as error:
        return ProofCheck(name, False, f"could not be tried: {error}", made=False)
    except (DisprovedError, EngineError) as error:
        return ProofCheck(name, False, str(error))
    except Exception as error:
        # A fault of this program must not pass for a proof, nor end all other checks.
        return ProofCheck(name, False, f"the check itself failed: {type(error).__name__}: {error}")
