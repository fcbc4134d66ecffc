"""What do the records of the park add up to? One file per concept; always the same number of queries."""
