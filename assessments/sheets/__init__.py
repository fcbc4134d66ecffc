"""Rows out of the records of looking at the studios, one file per concept."""
