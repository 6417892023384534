"""SQLAlchemy models: which class leads to which, and what the way is called."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from schemawalk.schema.model import ForeignKey, PrimaryKey, Schema, Table, Unique
from tests.schemas import column, library, reference
from tests.writers.alembic_project import keyed, models_of, table


def related(model: Any) -> dict[str, str]:
    """The class that each relationship leads to; in brackets when it leads to many."""
    found = sa.inspect(model).relationships
    return {
        r.key: f"[{r.mapper.class_.__name__}]" if r.uselist else r.mapper.class_.__name__
        for r in found
    }


def test_relationships_lead_both_ways() -> None:
    """Named after the key and the table; after the role where two ways lead to one table."""
    with models_of(library()) as models:
        assert related(models.Branch) == {
            "head": "Reader",
            "readers": "[Reader]",
            "branch_books": "[BranchAndBook]",
            "books": "[Book]",
        }
        assert related(models.Reader) == {
            "branch": "Branch",
            "head_branches": "[Branch]",
            "loans": "[Loan]",
        }
        assert related(models.Book)["series"] == "Book"
        assert related(models.Book)["series_books"] == "[Book]"


def test_two_keys_to_one_table_are_told_apart_by_their_roles() -> None:
    """author_id and user_id: `author_notes`, and plainly `notes` for the user's."""
    users = replace(table("users"), entity="User")
    notes = table("notes", column("user_id", "uuid"), column("author_id", "uuid", null=True))
    notes = keyed(
        notes,
        reference("notes", "user_id", "users", "CASCADE"),
        reference("notes", "author_id", "users", "SET NULL"),
        entity="Note",
    )
    with models_of(Schema((users, notes))) as models:
        assert related(models.User) == {"notes": "[Note]", "author_notes": "[Note]"}
        assert related(models.Note) == {"user": "User", "author": "User"}


def test_a_tree_has_a_parent_and_children() -> None:
    """The words that everybody uses."""
    folders = table("folders", column("parent_id", "uuid", null=True))
    folders = keyed(
        folders, reference("folders", "parent_id", "folders", "CASCADE"), entity="Folder"
    )
    with models_of(Schema((folders,))) as models:
        assert related(models.Folder) == {"parent": "Folder", "children": "[Folder]"}
        root = models.Folder(children=[models.Folder()])
        assert root.children[0].parent is root


def test_a_unique_key_leads_back_to_one() -> None:
    """One-to-one: no list."""
    users = replace(table("users"), entity="User")
    profiles = table("profiles", column("user_id", "uuid"))
    profiles = keyed(
        profiles,
        reference("profiles", "user_id", "users", "CASCADE"),
        uniques=(Unique("uq_profiles_user_id", ("user_id",)),),
        entity="Profile",
    )
    with models_of(Schema((users, profiles))) as models:
        assert related(models.User) == {"profile": "Profile"}


def test_keys_that_share_a_column_are_not_a_reason_for_a_warning() -> None:
    """Each tenant's rows refer to the same tenant's rows."""
    tenants = replace(table("tenants"), entity="Tenant")
    own = (column("tenant_id", "uuid"), column("id", "uuid"))
    to_tenant = reference("lists", "tenant_id", "tenants", "CASCADE")
    lists = Table(
        "lists",
        own,
        PrimaryKey("pk_l", ("tenant_id", "id")),
        foreign_keys=(to_tenant,),
        entity="List",
    )
    both = ForeignKey("fk_i", ("tenant_id", "list_id"), "lists", ("tenant_id", "id"), "CASCADE")
    items = Table(
        "items",
        (*own, column("list_id", "uuid")),
        PrimaryKey("pk_i", ("tenant_id", "id")),
        foreign_keys=(reference("items", "tenant_id", "tenants", "CASCADE"), both),
        entity="Item",
    )
    with models_of(Schema((tenants, lists, items))) as models:
        assert related(models.Item) == {"tenant": "Tenant", "list_": "List"}
        assert related(models.Tenant) == {"lists": "[List]", "items": "[Item]"}
