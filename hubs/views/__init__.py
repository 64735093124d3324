"""HTML pages of hubs."""
