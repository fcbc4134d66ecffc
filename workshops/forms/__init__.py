"""What is typed into the pages of life in the park. One file per concept."""
