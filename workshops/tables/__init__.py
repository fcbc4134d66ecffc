"""The long lists of the park: search, filters, sort. One file per concept."""
