"""From answers to what stands around the tables: triggers, views, policies, routines, roles."""
