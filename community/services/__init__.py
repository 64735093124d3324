"""Changes of the community: each is one function in one transaction."""
