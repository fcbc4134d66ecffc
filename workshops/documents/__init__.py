"""What do the papers of life in the park say? One pure function per paper: data → (template, context)."""
