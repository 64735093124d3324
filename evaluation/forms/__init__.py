"""Forms of exchanges and results."""
