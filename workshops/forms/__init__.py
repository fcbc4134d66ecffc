"""What is typed in the park, one file per concept."""
