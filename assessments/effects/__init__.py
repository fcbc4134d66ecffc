"""What follows from a step, in the same transaction: (record, *, by, data). One file per concept."""
