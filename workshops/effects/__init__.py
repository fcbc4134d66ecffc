"""What follows from the steps of procedures in the park. One file per concept."""
