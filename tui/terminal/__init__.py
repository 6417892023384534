"""The terminal itself: what it shows, what it is sent, what it answers, how it is left."""
