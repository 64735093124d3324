"""What changes the community's things."""
