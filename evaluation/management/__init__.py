"""Commands of exchanges and results."""
