"""What follows from a step? One file per concept; each is called (record, *, by, data) in its transaction."""
