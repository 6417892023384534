"""From answers to tables: columns, constraints, keys and indexes, one subject a module."""
