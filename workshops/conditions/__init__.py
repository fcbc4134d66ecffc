"""What must be true before a step in the park is taken. One file per concept."""
