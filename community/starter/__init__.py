"""What the community starts with."""
