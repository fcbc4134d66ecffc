"""What people type when the studios are looked at, and how it is refused. One file per concept."""
