"""How names, types, values and rules are said in each database's words: tables."""
