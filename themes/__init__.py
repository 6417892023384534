"""Colours as data: one TOML file a theme, read by the terminal UI."""
