"""What do the papers of the park say? Plain data in, (template, context) out. One file per concept."""
