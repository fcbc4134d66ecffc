"""Synthetic people and applications for the demo, told through the real actions in travelled time."""
