"""What is asked before the tenant is known: which functions follow, and what is said without."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Attribute, Design, Entity, Step
from schemawalk.design.whole import Keeping, Product, Stack
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.model import Finding
from schemawalk.schema.review import review
from schemawalk.schema.routine import Routine
from schemawalk.schema.things import AllRows, Grant, Owner, Role
from tests.schema.designs import entity, fact, link, pattern
from tests.writers.markdown_reader import section
from tests.writers.test_documents import full

EMAIL = fact("member", "email", kind="email", required="start", unique="per-tenant",
             sensitivity="personal")  # fmt: skip
MEMBER = entity("Member", EMAIL, fact("member", "name", required="start"), tenant="yes")


def clubs(before: str | None = "all", member: Entity = MEMBER, **asked: object) -> Design:
    """Clubs share tables; members are found by their e-mail address."""
    return Design(
        product=Product(name="Nets"),
        stack=Stack(tenancy="shared", database="postgresql"),
        keeping=Keeping(policies="database"),
        steps=(Step(id="log-in", title="Log in", file="journey.md", line=7),),
        entities=(entity("Club", fact("club", "name"), archetype="group"), member),
        relationships=(link("club", "member", on_delete="cascade"),),
        access_patterns=(
            pattern("members by e-mail", "member", who="log-in", before_tenant=before, rows=9999,
                    **{"equals": ("email",), **asked}),
        ),
    )  # fmt: skip


def finders(design: Design) -> tuple[Routine, ...]:
    return tuple(r for r in derive(design).schema.things(Routine) if r.purpose == "find")


def said(design: Design) -> dict[str, Finding]:
    rules = ("looked-up-before-tenant", "not-found-before-tenant")
    return {f.rule: f for f in review(design).findings if f.rule in rules}


def test_the_function_takes_what_is_compared_and_tells_key_and_tenant() -> None:
    (made,) = finders(clubs())
    assert made.name == "members_by_email"
    assert made.compared == ("email",)
    assert made.shown == ("id", "club_id")
    assert not made.alone
    assert finders(clubs("one"))[0].alone


def test_its_owner_reads_those_columns_and_writes_nothing() -> None:
    schema = derive(clubs()).schema
    granted = [g for g in schema.things(Grant) if g.role == "nets_finder"]
    assert [(g.on, g.columns, g.privileges) for g in granted] == [
        (("members",), ("id", "club_id", "email"), ("SELECT",))
    ]
    assert [(a.table, a.reads_only) for a in schema.things(AllRows)] == [("members", True)]
    assert [(o.role, o.on) for o in schema.things(Owner)] == [
        ("nets_finder", ("members_by_email",))
    ]


def test_patterns_that_look_for_the_same_share_a_function() -> None:
    design = clubs()
    again = design.access_patterns[0].model_copy(update={"id": "again", "name": "once more"})
    (made,) = finders(
        design.model_copy(update={"access_patterns": (*design.access_patterns, again)})
    )
    assert '"members by e-mail"' in made.because
    assert '"once more"' in made.because


def test_its_index_does_not_begin_with_the_tenant_whom_nobody_knows() -> None:
    def parts(before: str) -> list[tuple[str, ...]]:
        found = derive(clubs(before)).schema.table("members").indexes
        return [tuple(p.column for p in i.parts) for i in found if "members by e-mail" in i.serves]

    assert parts("all") == [("email",)]
    assert ("email",) not in parts("no")


@pytest.mark.parametrize("database", ["sqlite", "mariadb", "mysql", "mongodb"])
def test_where_nothing_is_hidden_nothing_has_to_look(database: str) -> None:
    fitted = fit(derive(clubs()).schema, database)
    assert not [r for r in fitted.schema.things(Routine) if r.purpose == "find"]
    assert "nets_finder" not in {role.name for role in fitted.schema.things(Role)}
    assert "members_by_email" not in " ".join(f.message for f in fitted.findings)


def test_the_document_names_the_pattern_its_step_and_where_it_is_told() -> None:
    told = section(full(clubs()), "Around the tables")
    assert "`members_by_email`" in told
    assert '"members by e-mail" (step "Log in", journey.md:7)' in told


# What is said


def test_who_signs_in_by_what_each_tenant_has_once_is_looked_for_in_all() -> None:
    account = MEMBER.model_copy(update={"archetype": "person", "origin": "unsaid.sign_in"})
    finding = said(clubs(None, account))["looked-up-before-tenant"]
    assert finding.severity == "hint"
    assert finding.answers == (("access.members by e-mail.before_tenant", ("all",)),)


@pytest.mark.parametrize("before", ["no", "one", "all"])
def test_an_answer_settles_it(before: str) -> None:
    unique = EMAIL.model_copy(update={"unique": "alone"})
    member = MEMBER.model_copy(update={"attributes": (unique,)})
    assert set(said(clubs(None, member))) == {"looked-up-before-tenant"}
    assert said(clubs(before, member)) == {}


def _hashed(by: str) -> Attribute:
    return fact("member", "token", kind="secret", required="start", protection="hash",
                protected_by=by)  # fmt: skip


def _known_by_an_address() -> Design:
    """Clubs are known by a person's e-mail address, which others would refer to."""
    owner = fact("club", "owner_email", kind="email", required="start", unique="alone",
                 sensitivity="personal")  # fmt: skip
    club = entity("Club", owner, archetype="group", identity=("owner_email",), key="natural")
    asked = pattern("clubs by address", "club", equals=("owner_email",), before_tenant="one")
    update = {"entities": (club, MEMBER), "access_patterns": (asked,)}
    return clubs().model_copy(update=update)


IN_THE_WAY: dict[str, tuple[Design, str]] = {
    "a range": (clubs("one", among=("name",)), "more than equality"),
    "what the database hashes": (
        clubs("one", entity("Member", _hashed("database"), tenant="yes"), equals=("token",)),
        "kept otherwise than it is given",
    ),
    "a key that tells somebody's address": (
        _known_by_an_address(),
        "the key is personal",
    ),
    "nobody to call it": (
        clubs("one").model_copy(
            update={"keeping": Keeping(policies="database", roles="none")}
        ),
        "no role of its own",
    ),
}  # fmt: skip


@pytest.mark.parametrize("why", IN_THE_WAY)
def test_what_cannot_be_looked_for_is_said(why: str) -> None:
    design, words = IN_THE_WAY[why]
    assert finders(design) == ()
    finding = said(design)["not-found-before-tenant"]
    assert finding.severity == "warning"
    assert words in finding.message


def test_what_the_program_hashes_is_found_by_its_hash() -> None:
    member = entity("Member", _hashed("program"), tenant="yes")
    design = clubs("one", member, equals=("token",))
    assert [r.compared for r in finders(design)] == [("token",)]
    assert said(design) == {}
