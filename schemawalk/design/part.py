"""What every part of a design is made of: frozen fields, and an id that never changes."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(min_length=1)]


class Part(BaseModel):
    """Base of everything in a design: frozen, and deaf to keys that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
