"""What people type about life in the park, and how it is refused. One file per concept."""
