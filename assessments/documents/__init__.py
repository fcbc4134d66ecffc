"""What do the papers of looking at the studios say? Plain data in, (template, context) out. One file per concept."""
