"""From a design to tables: names, types, expressions, order, review; pure functions throughout."""
