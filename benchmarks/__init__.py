"""What is measured, and against whom; each script prints a table and is run by itself."""
