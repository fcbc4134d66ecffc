"""What do the papers of the park say? One pure function per paper: data → (template, context)."""
