"""Changes of exchanges, frameworks, updates and figures; one module a use."""
