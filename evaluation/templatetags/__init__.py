"""What pages of the apps below show of exchanges and results."""
