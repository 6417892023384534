"""What is seen and pressed: the full screen, and the plain prompts that ask the same."""
