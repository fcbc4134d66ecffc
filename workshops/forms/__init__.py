"""What is typed about studios and life in the park, one file per concept."""
