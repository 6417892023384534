"""The side panel: what follows so far."""
