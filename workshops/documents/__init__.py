"""What each paper of life in the park says: plain data to (template, context). One file per concept."""
