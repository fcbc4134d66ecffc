"""Writes that touch several rows or leave a trace, one file per concept."""
