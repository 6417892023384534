"""Made-up rows that obey every constraint of a schema, or break exactly one."""
