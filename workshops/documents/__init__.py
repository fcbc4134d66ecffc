"""What do the papers of life in the park say? Plain data in, template and context out. One file per concept."""
