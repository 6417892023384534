"""Real databases that apply, roll back and describe, and the proofs that they give."""
