"""What it means: from the answers to tables, files and proofs; no screen, no terminal."""
