"""What people type, and how it is refused: `fields` for every app, `people` about oneself."""
