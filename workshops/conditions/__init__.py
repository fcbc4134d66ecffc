"""What must be true before a step: (record) -> "" or one sentence. One file per concept."""
