"""A schema as plain values for programs."""

from __future__ import annotations

from typing import Any

from schemawalk.schema.dialects.registry import Dialect
from schemawalk.schema.model import Column, Exclusion, ForeignKey, Index, Schema, Table


def schema_json(schema: Schema, dialect: Dialect) -> dict[str, Any]:
    """Tables in the order in which they are made, types and expressions in the dialect."""
    return {
        "database": dialect.name,
        "enums": [{"name": e.name, "values": list(e.values)} for e in schema.enums],
        "tables": [_table(table, dialect) for table in schema.tables],
    }


def _table(table: Table, dialect: Dialect) -> dict[str, Any]:
    return {
        "name": table.name,
        "id": table.source,
        "purpose": table.purpose,
        "because": table.because,
        "steps": list(table.steps),
        "columns": [_column(column, dialect) for column in table.columns],
        "primary_key": list(table.primary_key.columns),
        "unique": [
            {"name": u.name, "columns": list(u.columns), "because": u.because}
            for u in table.uniques
        ],
        "checks": [
            {"name": c.name, "expression": dialect.sql(c.expression), "because": c.because}
            for c in table.checks
        ],
        "exclusions": [_exclusion(rule, dialect) for rule in table.exclusions],
        "foreign_keys": [_foreign_key(key) for key in table.foreign_keys],
        "indexes": [_index(index, dialect) for index in table.indexes],
    }


def _column(column: Column, dialect: Dialect) -> dict[str, Any]:
    return {
        "name": column.name,
        "id": column.source,
        "type": dialect.type(column.type),
        "nullable": column.nullable,
        "default": dialect.default(column) or None,
        "generated": dialect.sql(column.generated) if column.generated else None,
        "collation": column.collation or None,
        "purpose": column.purpose,
        "because": column.because,
    }


def _foreign_key(key: ForeignKey) -> dict[str, Any]:
    return {
        "name": key.name,
        "id": key.source,
        "columns": list(key.columns),
        "references": key.references,
        "referenced_columns": list(key.referenced_columns),
        "on_delete": key.on_delete,
        "emptied": list(key.emptied),
        "on_update": key.on_update,
        "deferrable": key.deferrable,
        "because": key.because,
    }


def _exclusion(rule: Exclusion, dialect: Dialect) -> dict[str, Any]:
    return {
        "name": rule.name,
        "columns": list(rule.columns),
        "start": rule.start,
        "end": rule.end,
        "last_counts": rule.last_counts,
        "predicate": dialect.sql(rule.predicate) if rule.predicate else None,
        "because": rule.because,
    }


def _index(index: Index, dialect: Dialect) -> dict[str, Any]:
    return {
        "name": index.name,
        "columns": [
            {
                "name": p.column,
                "order": "desc" if p.descending else "asc",
                "expression": dialect.sql(p.expression) if p.expression else None,
                "operators": p.operators or None,
            }
            for p in index.parts
        ],
        "unique": index.unique,
        "method": index.method,
        "predicate": dialect.sql(index.predicate) if index.predicate else None,
        "include": list(index.include),
        "because": index.because,
        "serves": list(index.serves),
    }
