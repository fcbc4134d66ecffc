"""What follows from a step of life in the park, in its transaction, one file per concept."""
