"""How a database holds what it has no native form for, up to which version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Way = Literal["emulated", "lossy", "refused"]


@dataclass(frozen=True, slots=True)
class Capability:
    """How a database holds a feature; `how` is said to the user when something is lost."""

    way: Way
    how: str = ""
    until: tuple[int, ...] = ()
    """The first version that has it natively; empty when none has."""

    def applies(self, version: tuple[int, ...]) -> bool:
        """Whether a server of that version needs it; an unknown version counts as new.

        So does what a version leaves open: 8.0 is the newest of all 8.0.
        """
        return not self.until or version < self.until[: len(version)]
