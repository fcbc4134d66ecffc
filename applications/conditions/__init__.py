"""What must be true before a step? One file per concept; each function returns "" or one sentence."""
