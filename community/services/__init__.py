"""What changes the community: following, and telling who follows."""
