"""Who may do what when the studios are looked at: plain (user, obj) -> bool. One file per concept."""
