"""Widgets that show data and say what was pressed; none of them knows the domain."""
