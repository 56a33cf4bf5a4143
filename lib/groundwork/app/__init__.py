"""The page: widgets, style, the server that shows it."""
