"""What the portal starts with: 14 real hubs, described from public sources."""
