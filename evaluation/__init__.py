"""Exchanges, results frameworks and figures; knows catalogue, hubs, accounts and core."""
