"""What every portal's community begins with: spaces, and past events."""
