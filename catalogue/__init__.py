"""Packaged experience, experts, offers and requests; knows hubs, accounts and core."""
