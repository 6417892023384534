"""From schema and design to files; one module a format, and only `output` touches the disk."""
