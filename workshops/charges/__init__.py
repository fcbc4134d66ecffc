"""What is counted without a database: terms and money. One file per concept."""
