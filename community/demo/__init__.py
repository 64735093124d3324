"""What a demonstration portal shows: made up, and marked as such."""
