"""Seeds for MongoDB: documents that every validator takes, in the form that mongoimport reads."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemawalk.delivery import work_for
from schemawalk.design.model import Design
from schemawalk.schema.capability.collections import collections
from schemawalk.writers import mongodb, mongodb_seeds
from tests.lasting import museum
from tests.schema.designs import entity, fact, link, shop
from tests.schema.rentals import rentals
from tests.writers.mongodb_documents import judge


def on_mongodb(design: Design, rows: int | None = 12) -> Design:
    """The design on MongoDB, with rows to develop with."""
    keeping = design.keeping.model_copy(update={"made_up_rows": rows})
    stack = design.stack.model_copy(update={"database": "mongodb", "version": None})
    return design.model_copy(update={"stack": stack, "keeping": keeping})


def lines(design: Design, folder: str) -> dict[str, list[dict[str, Any]]]:
    """The documents of a folder by the name of their collection, one a line."""
    files = mongodb_seeds.files(work_for(design, "mongodb"))
    return {
        path.rpartition("/")[2].removesuffix(".json"): [json.loads(x) for x in text.splitlines()]
        for path, text in files.items()
        if path.startswith(f"{folder}/")
    }


DESIGNS = {"museum": museum(), "museum that counts": museum(identifiers="bigint"),
           "rentals": rentals(), "shop": shop()}  # fmt: skip


@pytest.mark.parametrize("name", DESIGNS)
def test_every_validator_takes_the_seeds(name: str) -> None:
    design = on_mongodb(DESIGNS[name])
    schema = work_for(design, "mongodb").schema
    folders = (mongodb_seeds.REFERENCE, mongodb_seeds.DEVELOPMENT)
    written = [pair for folder in folders for pair in lines(design, folder).items()]
    found = [[collection, each] for collection, documents in written for each in documents]
    (said,) = judge({"up": mongodb.up(schema), "down": mongodb.down(schema), "documents": found})
    assert said["faults"] == []
    assert len(found) > len(collections(schema).collections)
    pairs = zip(found, said["verdicts"], strict=True)
    refused = [(pair, verdict) for pair, verdict in pairs if not verdict["accepted"]]
    assert refused == []


def test_there_are_no_seeds_without_rows() -> None:
    assert mongodb_seeds.files(work_for(on_mongodb(shop(), None), "mongodb")) == {}


def test_what_belongs_to_a_document_lies_inside_it() -> None:
    """Each part with what it belongs to, and in no file of its own."""
    part = link("order", "line", embed="embed", on_delete="cascade")
    lined = entity("Line", fact("line", "quantity", kind="whole-number"), archetype="line")
    design = Design(entities=(entity("Order", fact("order", "number")), lined),
                    relationships=(part,))  # fmt: skip
    found = lines(on_mongodb(design), mongodb_seeds.DEVELOPMENT)
    assert list(found) == ["orders"]
    assert sum(len(order["lines"]) for order in found["orders"]) == 12
