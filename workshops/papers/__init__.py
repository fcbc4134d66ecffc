"""Where do the papers of the park get their words? Builders from frozen rows, one file per concept."""
