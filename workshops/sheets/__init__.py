"""Rows of life in the park in and out as sheets, one file per concept."""
