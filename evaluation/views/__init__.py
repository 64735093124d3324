"""Pages of exchanges and results."""
