"""The pages of looking at the studios, one file per concept."""
