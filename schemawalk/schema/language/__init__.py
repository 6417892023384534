"""The language of rules: read, typed, evaluated; and fragments of a database's own SQL."""
