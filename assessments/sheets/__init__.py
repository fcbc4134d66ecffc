"""Rows of looking at the studios, to take home. One file per concept."""
