"""How is asked: trees, questions, answers, and what an answer does to others."""
