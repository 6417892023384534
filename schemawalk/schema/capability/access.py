"""Views, policies, roles and grants as a database can have them: what each loses, said once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Final, Literal

from schemawalk.schema.around.views import told_as_fitted
from schemawalk.schema.things import AllRows, Grant, Owner, Policy, Role, Routine, Thing, View

Lost = Literal["policy", "role", "grant", "materialised", "kept-apart"]
_TOGETHER: Final[tuple[Lost, ...]] = ("policy", "role", "grant")
"""What is lost for the whole schema, or not at all: one sentence for all of a kind."""
_MOST_NAMED: Final = 5


def losses(things: Iterable[Thing], lacking: Collection[str]) -> Iterator[tuple[Lost, str, str]]:
    """What cannot be as it was meant: the feature, whom it concerns, and its names in words."""
    around = tuple(things)
    for feature in _TOGETHER:
        found = [t for t in around if t.feature == feature and not _is_for_finding(t)]
        if feature in lacking and found:
            called = tuple(dict.fromkeys(map(_called, found)))
            more = f" and {len(called) - _MOST_NAMED} more" if len(called) > _MOST_NAMED else ""
            names = ", ".join(called[:_MOST_NAMED])
            yield feature, found[0].source or found[0].name, names + more
    for thing in around:
        if isinstance(thing, View) and (why := _not_kept(thing, lacking)):
            yield why, thing.source or thing.name, thing.name


def _is_for_finding(thing: Thing) -> bool:
    """Whether it is there for who knows no tenant yet: where nothing is hidden, he sees all."""
    by_column = isinstance(thing, Grant) and thing.columns
    looks = isinstance(thing, Routine) and thing.purpose == "find"
    return bool(by_column) or looks or isinstance(thing, Owner)


def _called(thing: Thing) -> str:
    """What people know it by: a policy by its table, a right by who has it."""
    if isinstance(thing, Policy | AllRows):
        return thing.table
    return thing.role if isinstance(thing, Grant) else thing.name


def _not_kept(view: View, lacking: Collection[str]) -> Lost | None:
    """Why a view that was meant to be kept as rows is not."""
    if not view.materialised:
        return None
    if "materialised" in lacking:
        return "materialised"
    return "kept-apart" if view.within is not None and "kept-apart" in lacking else None


def fitted_access(things: Iterable[Thing], lacking: Collection[str]) -> Iterator[Thing]:
    """The things as they can be: without what is refused, each view with what it needs itself."""
    around = [_fitted(thing, lacking) for thing in things if not _refused(thing, lacking)]
    kept = {thing.name for thing in around if isinstance(thing, View) and thing.materialised}
    for thing in around:
        if not isinstance(thing, Routine) or thing.purpose != "refresh" or thing.table in kept:
            yield thing


def _refused(thing: Thing, lacking: Collection[str]) -> bool:
    if _is_for_finding(thing) and "policy" in lacking:
        return True
    return isinstance(thing, Policy | AllRows | Role | Grant) and thing.feature in lacking


def without_absent(things: Iterable[Thing]) -> tuple[Thing, ...]:
    """The things, with rights to call only routines that are still among them.

    A role that is left without any right is no role.
    """
    around = tuple(things)
    routines = {thing.name for thing in around if isinstance(thing, Routine)}
    left = tuple(_left(each, routines) for each in around)
    kept = tuple(each for each in left if not isinstance(each, Grant) or each.on)
    able = {thing.role for thing in kept if isinstance(thing, Grant)}
    return tuple(each for each in kept if not isinstance(each, Role) or each.name in able)


def _left(thing: Thing, routines: Collection[str]) -> Thing:
    if not isinstance(thing, Grant) or "EXECUTE" not in thing.privileges:
        return thing
    return replace(thing, on=tuple(name for name in thing.on if name in routines))


def _fitted(thing: Thing, lacking: Collection[str]) -> Thing:
    if isinstance(thing, Routine) and "role" in lacking:
        return replace(thing, role="", rights="caller")
    if not isinstance(thing, View):
        return thing
    fitted = replace(
        thing,
        within=None if "policy" in lacking else thing.within,
        rights="owner" if "invoker" in lacking else thing.rights,
        materialised=thing.materialised and _not_kept(thing, lacking) is None,
    )
    return told_as_fitted(fitted)
