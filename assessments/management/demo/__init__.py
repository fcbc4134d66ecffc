"""A believable year in the park, told through the real actions in travelled time. Nothing of it is real (L13)."""
