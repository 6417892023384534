"""The one wizard screen, and the small ones that open above it."""
