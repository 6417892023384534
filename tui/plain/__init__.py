"""The walk as plain prompts, line by line."""
