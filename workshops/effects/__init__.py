"""What follows from a step, in its transaction. One file per concept."""
