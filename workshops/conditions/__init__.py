"""What must be true before a step of life in the park, one file per concept: "" or one plain sentence."""
