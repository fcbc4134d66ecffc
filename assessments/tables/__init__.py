"""The long lists of looking at the studios: search, filters, sort. One file per concept."""
