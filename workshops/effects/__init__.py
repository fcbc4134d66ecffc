"""What follows from the steps of life in the park, in the same transaction. One file per concept."""
