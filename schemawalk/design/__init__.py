"""The answers: the model, its file, its history."""
