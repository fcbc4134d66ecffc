"""The tables of life in the park as people fill them in or take them home. One file per concept."""
