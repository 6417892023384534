"""Who sees which rows: policies, roles and views as they follow from answers."""

from __future__ import annotations

import pytest

from schemawalk.design.model import Design, Rule
from schemawalk.design.whole import Keeping, Product, Stack
from schemawalk.schema.capability.fit import fit
from schemawalk.schema.derive import derive
from schemawalk.schema.dialects.queries import checked, demanded, query
from schemawalk.schema.dialects.registry import POSTGRESQL
from schemawalk.schema.language.expression import Call, Literal, Name
from schemawalk.schema.model import Schema
from schemawalk.schema.things import Audit, Grant, History, Policy, Role, View
from tests.schema.designs import entity, fact, link


def offices(**update: object) -> Design:
    """Offices whose desks are booked; floors are everybody's, tags hang on desks."""
    design = Design(
        product=Product(name="Desk & Co"),
        stack=Stack(tenancy="shared"),
        keeping=Keeping(policies="database"),
        entities=(
            entity("Office", fact("office", "name", required="start"), archetype="group"),
            entity("Floor", fact("floor", "number", required="start"), tenant="no"),
            entity("Desk", fact("desk", "label", required="start"), tenant="yes"),
            entity("Drawer", fact("drawer", "label", required="start")),
            entity("Tag", fact("tag", "word", required="start"), tenant="no"),
        ),
        relationships=(
            link("office", "desk", on_delete="cascade"),
            link("floor", "desk", on_delete="restrict"),
            link("desk", "drawer", on_delete="cascade"),
            link("desk", "tag", many_a="yes"),
        ),
    )
    return design.model_copy(update=update)


def schema_of(**update: object) -> Schema:
    """The schema of the offices."""
    return derive(offices(**update)).schema


def programs_rights(design: Design) -> dict[str, tuple[str, ...]]:
    """What the program may do, by table."""
    granted = (g for g in derive(design).schema.things(Grant) if g.role.endswith("_app"))
    return {on: grant.privileges for grant in granted for on in grant.on}


@pytest.mark.parametrize(
    ("floor", "reads_only"),
    [
        ({"created_by": "seeded"}, True),
        ({"created_by": "seeded", "changed_by": ("build",)}, False),
        ({"created_by": "seeded", "ended_by": ("pull-down",)}, False),
        ({"created_by": "seeded", "tenant": "yes"}, False),
        ({"created_by": "build"}, False),
    ],
)
def test_what_is_there_from_the_start_and_stays_is_only_read(
    floor: dict[str, object], reads_only: bool
) -> None:
    """Else one tenant's program could empty for all of them what they look up."""
    entities = tuple(
        each.model_copy(update=floor) if each.id == "floor" else each for each in offices().entities
    )
    rights = programs_rights(offices(entities=entities))
    assert (rights["floors"] == ("SELECT",)) is reads_only
    assert rights["desks"] == ("SELECT", "INSERT", "UPDATE", "DELETE")


def test_what_a_trigger_holds_still_may_be_locked() -> None:
    """PostgreSQL wants the right to change a row of whoever locks it."""
    rule = Rule(id="most", says="A floor has ten desks", entity="desk", kept_by="trigger",
                looks_at="count", parent="floor_desk", most=10, expression="true")  # fmt: skip
    entities = tuple(
        each.model_copy(update={"created_by": "seeded"}) if each.id == "floor" else each
        for each in offices().entities
    )
    rights = programs_rights(offices(entities=entities, rules=(rule,)))
    assert "UPDATE" in rights["floors"]


def test_every_table_of_a_tenant_has_a_policy_and_so_has_what_hangs_on_it() -> None:
    """A join table and a table without a tenant's column are as closed as what they hang on."""
    policies = {policy.table: policy for policy in schema_of().things(Policy)}
    assert set(policies) == {"offices", "desks", "drawers", "desk_tags"}
    assert policies["offices"].column == "id"
    assert policies["desks"].column == policies["desk_tags"].column == "office_id"
    assert demanded(policies["drawers"], POSTGRESQL) == (
        "EXISTS (SELECT FROM desks WHERE desks.id = drawers.desk_id)",
    )


def test_a_tenant_that_nobody_named_is_nobody() -> None:
    """Missing and empty settings are NULL, which equals nothing."""
    policy = next(p for p in schema_of().things(Policy) if p.table == "desks")
    assert demanded(policy, POSTGRESQL) == (
        "office_id = cast(nullif(current_setting('app.tenant_id', true), '') AS uuid)",
    )


def test_numbers_as_ids_are_compared_as_numbers() -> None:
    """The setting is a text; the column is not."""
    schema = schema_of(stack=Stack(tenancy="shared", identifiers="bigint"))
    policy = next(p for p in schema.things(Policy) if p.table == "desks")
    assert demanded(policy, POSTGRESQL)[0].endswith("AS bigint)")


@pytest.mark.parametrize(
    "update",
    [{"keeping": Keeping(policies="application")}, {"stack": Stack(tenancy="separate")}],
    ids=["kept by the program", "a database for each"],
)
def test_no_policy_where_nobody_wants_one(update: dict[str, object]) -> None:
    """Nothing stands around the tables of such a design."""
    assert schema_of(**update).around == ()


def test_roles_come_with_policies_and_masks_unless_somebody_says_otherwise() -> None:
    """A policy binds no superuser; a mask hides nothing from who reads the table."""
    assert [role.name for role in schema_of().things(Role)] == ["desk_co_app"]
    masked = offices()
    desk = masked.entities[2]
    facts = tuple(a.model_copy(update={"protection": "mask"}) for a in desk.attributes)
    entities = (*masked.entities[:2], desk.model_copy(update={"attributes": facts}))
    roles = derive(masked.model_copy(update={"entities": entities})).schema.things(Role)
    assert [role.name for role in roles] == ["desk_co_app", "desk_co_reader"]
    none = Keeping(policies="database", roles="none")
    assert schema_of(keeping=none).things(Role) == ()


@pytest.mark.parametrize(
    ("product", "role"),
    [
        ("", "product_app"),
        ("pg_tools", "the_pg_tools_app"),
        ("Büro 24", "büro_24_app"),
    ],
)
def test_a_roles_name_begins_with_the_product(product: str, role: str) -> None:
    """Roles are shared by all databases of a server, and pg_ is the server's own."""
    names = [r.name for r in schema_of(product=Product(name=product)).things(Role)]
    assert names == [role]


def test_long_names_of_products_stay_apart() -> None:
    """MySQL takes no role with a longer name than 32: what differs behind it must still differ."""
    long = [Product(name="a" * 70 + end) for end in "xy"]
    first, second = (schema_of(product=product).things(Role)[0].name for product in long)
    assert first != second
    assert len(first) == len(second) == 32


def test_the_program_writes_rows_and_readers_do_not() -> None:
    """Both get what they need in as few grants as there are kinds of them."""
    keeping = Keeping(policies="database", roles="program-and-readers")
    grants = {(g.role, g.on): g.privileges for g in schema_of(keeping=keeping).things(Grant)}
    tables = ("offices", "floors", "desks", "drawers", "tags", "desk_tags")
    assert grants == {
        ("desk_co_app", tables): ("SELECT", "INSERT", "UPDATE", "DELETE"),
        ("desk_co_reader", tables): ("SELECT",),
    }


def people() -> Design:
    """People with facts of each kind that is masked, and a secret."""
    kinds = {"email": "email", "phone": "phone", "name": "short-text", "bio": "long-text",
             "born_on": "date", "score": "whole-number"}  # fmt: skip
    facts = [fact("person", n, kind=k, protection="mask") for n, k in kinds.items()]
    facts.append(fact("person", "password", kind="secret", sensitivity="secret"))
    facts.append(fact("person", "language", kind="short-text"))
    return Design(entities=(entity("Person", *facts),))


def test_a_mask_shows_what_its_kind_allows() -> None:
    """Parts of texts, nothing of numbers and days, and no trace of secrets."""
    view = next(iter(derive(people()).schema.things(View)))
    assert {column.name: column.expression for column in view.columns} == {
        "id": Name("id"),
        "email": Call("mask_email", (Name("email"),)),
        "phone": Call("mask_phone", (Name("phone"),)),
        "name": Call("mask_name", (Name("name"),)),
        "bio": Call("mask_text", (Name("bio"),)),
        "born_on": Literal(None),
        "score": Literal(None),
        "language": Name("language"),
    }


def test_readers_get_the_masked_view_and_not_its_table() -> None:
    """Whoever may read the table needs no mask."""
    grants = [g for g in derive(people()).schema.things(Grant) if g.role == "product_reader"]
    assert [on for grant in grants for on in grant.on] == ["people_masked"]


def test_a_table_with_secrets_has_no_view_unless_there_are_readers() -> None:
    """The program reads the table; a view without secrets is for readers."""
    account = entity("Account", fact("account", "token", kind="secret"))
    assert derive(Design(entities=(account,))).schema.things(View) == ()
    readers = Keeping(roles="program-and-readers")
    view = derive(Design(entities=(account,), keeping=readers)).schema.things(View)[0]
    assert [column.name for column in view.columns] == ["id"]


def payments(**more: object) -> Design:
    """Payments of shops, counted and added up."""
    payment = entity(
        "Payment",
        fact("payment", "amount_cents", kind="money", currency="EUR", required="start"),
        fact("payment", "paid_on", kind="date", required="start"),
        **{"summed": "parent-day", "summed_by": "shop_payment", "summed_day": "paid_on",
           "sums": ("amount_cents",), **more},
    )  # fmt: skip
    return Design(entities=(entity("Shop"), payment), relationships=(link("shop", "payment"),))


def test_rows_are_summed_up_by_parent_and_day() -> None:
    """One line for each, unique, with the number of rows and the sums."""
    view = derive(payments()).schema.things(View)[0]
    assert (view.name, view.materialised) == ("payments_by_shop_and_day", True)
    assert view.grouped_by == ("shop_id", "day")
    assert query(view, POSTGRESQL).sql == (
        "SELECT shop_id, paid_on AS day, count(*) AS number_of_payments, "
        "coalesce(sum(amount_cents), 0) AS amount_cents FROM payments GROUP BY shop_id, paid_on"
    )


@pytest.mark.parametrize(
    ("more", "grouped"),
    [
        ({"summed": "parent"}, ("shop_id",)),
        ({"summed": "day"}, ("day",)),
        ({"summed": "day", "summed_day": "nowhere"}, None),
        ({"summed": "no"}, None),
    ],
)
def test_rows_are_summed_up_by_what_was_answered(
    more: dict[str, object], grouped: tuple[str, ...] | None
) -> None:
    """By nothing that is not there."""
    views = derive(payments(**more)).schema.things(View)
    assert [view.grouped_by for view in views] == ([grouped] if grouped else [])


@pytest.mark.parametrize("versions", ["history", "log"])
def test_what_was_has_the_policy_of_what_is(versions: str) -> None:
    """Earlier versions and the log are as closed as the tables that they tell of."""
    design = offices(keeping=Keeping(policies="database", versions=versions))
    schema = derive(design).schema
    trails = {trail.into for trail in (*schema.things(History), *schema.things(Audit))}
    policies = {policy.table: policy for policy in schema.things(Policy)}
    assert trails - {"floors_history", "tags_history"} <= policies.keys()
    assert {policies[trail].column for trail in trails & policies.keys()} <= {"id", "office_id", ""}


def test_a_log_takes_entries_that_are_nobodys() -> None:
    """What happens to a list that all share must be logged too, and is nobody's to read."""
    design = offices(keeping=Keeping(policies="database", versions="log"))
    policy = next(p for p in derive(design).schema.things(Policy) if p.table == "audit_log")
    assert checked(policy, POSTGRESQL)[0].endswith(" OR office_id IS NULL")
    assert "IS NULL" not in demanded(policy, POSTGRESQL)[0]


def test_readers_get_no_earlier_versions_of_what_is_masked() -> None:
    """They would read there what the view hides."""
    design = people().model_copy(update={"keeping": Keeping(versions="history")})
    grants = derive(design).schema.things(Grant)
    assert "people_history" in [on for g in grants if g.role == "product_app" for on in g.on]
    assert "people_history" not in [on for g in grants if g.role == "product_reader" for on in g.on]


def test_what_a_database_lacks_is_said_once_each() -> None:
    """SQLite has no policies and no roles: a sentence for each, not for each table."""
    design = offices(keeping=Keeping(policies="database", deletion="soft"))
    fitted = fit(derive(design).schema, "sqlite")
    assert fitted.schema.things(Policy) == fitted.schema.things(Role) == ()
    assert fitted.schema.things(Grant) == ()
    assert [view.within for view in fitted.schema.things(View)] == [None] * 5
    said = [finding.message for finding in fitted.findings if "polic" in finding.message]
    assert said == [
        "offices, desks, drawers, desk_tags on SQLite: no policies for rows: each query of the "
        "program must name the group."
    ]


def test_sums_are_not_kept_where_policies_would_not_reach_them() -> None:
    """A materialised view knows no policies: everybody would see everybody's numbers."""
    desks = offices().entities[2].model_copy(update={"summed": "parent", "summed_by": "floor_desk"})
    entities = (*offices().entities[:2], desks)
    schema = derive(offices(entities=entities)).schema
    fitted = fit(schema, "postgresql")
    assert [view.materialised for view in fitted.schema.things(View)] == [False]
    assert [finding.rule for finding in fitted.findings] == ["postgresql-lossy-kept-apart"]
    view = fitted.schema.things(View)[0]
    assert view.grouped_by == ("office_id", "floor_id")


def test_a_view_repeats_the_policy_where_it_sees_with_its_owners_rights() -> None:
    """PostgreSQL has views with the caller's rights since version 15."""
    schema = schema_of(keeping=Keeping(policies="database", deletion="soft"))
    view = next(v for v in schema.things(View) if v.table == "desks")
    new, old = (
        next(
            v for v in fit(schema, "postgresql", version).schema.things(View) if v.name == view.name
        )
        for version in ("15", "14.9")
    )
    assert query(new, POSTGRESQL).where == "deleted_at IS NULL"
    assert query(old, POSTGRESQL).where == (
        "deleted_at IS NULL AND office_id = "
        "cast(nullif(current_setting('app.tenant_id', true), '') AS uuid)"
    )


def test_amounts_of_several_currencies_are_not_added_up() -> None:
    """Each currency has its own line, and the description says so."""
    amount = fact("payment", "amount_cents", kind="money", currency="per-row", required="start")
    paid = fact("payment", "paid_on", kind="date", required="start")
    design = payments()
    made = design.entities[1].model_copy(update={"attributes": (amount, paid)})
    view = derive(design.model_copy(update={"entities": (design.entities[0], made)})).schema.things(
        View
    )[0]
    assert view.grouped_by == ("shop_id", "day", "amount_cents_currency")
    assert view.name == "payments_by_shop_and_day"
    assert "in each currency" in view.because


def test_what_was_called_off_is_not_counted() -> None:
    design = payments()
    status = fact("payment", "status", required="start", default="'open'",
                  values=("open", "cancelled", "void"), kept_by="developers")  # fmt: skip
    facts = (*design.entities[1].attributes, status)
    made = design.entities[1].model_copy(update={"attributes": facts})
    view = derive(design.model_copy(update={"entities": (design.entities[0], made)})).schema.things(
        View
    )[0]
    where = query(view, POSTGRESQL).where
    assert where == "status <> 'cancelled' AND status <> 'void'"
    assert "without those that are cancelled or void" in view.because


def test_a_view_says_whether_its_rows_are_kept() -> None:
    """Where nothing can be kept, it is added up at each read, whatever was wanted."""
    schema = derive(payments()).schema
    assert "kept as rows" in schema.things(View)[0].because
    for held in (fit(schema, "sqlite").schema, derive(payments(summary="asked")).schema):
        assert "added up at each read" in held.things(View)[0].because
        assert "is slow" not in held.things(View)[0].because


def test_a_day_says_in_which_zone_it_ends() -> None:
    design = payments(summed="day", summed_day="made_at")
    zone = fact("shop", "time_zone", required="start")
    at = fact("payment", "made_at", kind="moment", required="start")
    shop, payment = design.entities
    entities = (shop.model_copy(update={"attributes": (zone,)}),
                payment.model_copy(update={"attributes": (*payment.attributes, at)}))  # fmt: skip
    view = derive(design.model_copy(update={"entities": entities})).schema.things(View)[0]
    assert "a day ends at midnight in UTC, whatever shops.time_zone says" in view.because
