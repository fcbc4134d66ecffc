"""Pages, one file per concept."""
