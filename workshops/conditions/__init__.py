"""What must be true before a step of life in the park, as "" or one sentence. One file per concept."""
