"""What follows from a step, in the same transaction. One file per concept."""
