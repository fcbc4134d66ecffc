"""What must be true before a step is taken: (record) -> "" or one sentence. One file per concept."""
