"""As whom programs and people connect to the database: roles with as little as they need."""

from __future__ import annotations

from typing import Final

from schemawalk.schema.around.access import role_name, roles_of
from schemawalk.schema.kinds import is_column
from wizard_steps.asking.tree import Advice, Choice, Node, Scene, Tree

_HAS_ROLES: Final = (None, "postgresql", "mysql", "mariadb")
"""Databases that know who connects."""


def _called(scene: Scene) -> str | None:
    if scene.design.stack.database not in _HAS_ROLES or not scene.lookup.tables:
        return None
    if why := _why(scene):
        return why
    return ""


def _masked(scene: Scene) -> tuple[str, ...]:
    """The facts that are to be seen in part."""
    facts = (a for e in scene.design.entities if scene.lookup.persists(e) for a in e.attributes)
    return tuple(a.name for a in facts if a.protection == "mask" and is_column(a))


def _why(scene: Scene) -> str:
    """What makes no sense without roles; empty when nothing asks for them."""
    if masked := _masked(scene):
        return f"{masked[0]} is masked, and whoever reads the table reads it whole"
    if scene.design.keeping.policies == "database":
        return "a superuser passes every policy, so the program must not be one"
    return ""


def _advise(scene: Scene) -> Advice:
    unanswered = scene.design.keeping.model_copy(update={"roles": None})
    design = scene.design.model_copy(update={"keeping": unanswered})
    because = _why(scene) or "one login is simple, and nothing here needs a second"
    return Advice((roles_of(design, scene.lookup),), because)


def _choices(scene: Scene) -> tuple[Choice, ...]:
    program, reader = (role_name(scene.design, each) for each in ("app", "reader"))
    return (
        Choice("none", "as the owner of the tables", "whoever breaks into the program can drop "
               "tables"),
        Choice("program", "the program as a role of its own", f"{program} reads and writes rows, "
               "and changes no table"),
        Choice("program-and-readers", "the program, and readers apart", f"{program}, and {reader}: "
               "it reads only, and what is masked in part"),
    )  # fmt: skip


CONNECTING: Final = Tree(
    "connecting",
    "Connecting",
    "keeping",
    "keeping",
    (
        Node(
            "roles", "roles", "As whom does {product} connect to the database?",
            "Who owns the tables can drop them, and passes policies that are not forced. Roles "
            "are made without a password: what signs in is granted one.",
            _advise, _choices,
            example="Somebody from support looks up {a_thing}: as a reader they change nothing by "
            "mistake.",
        ),
    ),
    lambda scene: {"none": "as the owner", "program": "one role", "program-and-readers":
                   "two roles"}.get(scene.subject.roles or "", "open"),
    _called,
)  # fmt: skip
