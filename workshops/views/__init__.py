"""The pages of studios and of life in the park, one file per concept."""
