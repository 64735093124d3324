"""Query languages of exchanges and results."""
