"""What other pages show of the community."""
