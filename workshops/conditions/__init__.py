"""What must be true before a step is taken: "" or one sentence. One file per concept."""
