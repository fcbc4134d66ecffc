"""What is to be paid, as pure arithmetic: no database, no clock. Money is integer fen, quantities are Decimal."""
