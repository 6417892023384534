"""Real tools, run by Node.js, that judge what the writers write."""
