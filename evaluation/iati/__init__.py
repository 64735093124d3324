"""A hub's public exchanges as IATI 2.03: what can be told, and how the Standard writes it."""
