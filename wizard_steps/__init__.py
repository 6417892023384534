"""What is asked: one module a step, each with its decision trees, and the order of the walk."""
