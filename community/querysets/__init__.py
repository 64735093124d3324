"""Who may see and change what of the community. Every such rule is here, once."""
