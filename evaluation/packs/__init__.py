"""Report packs: what a hub did in one year, as it was known at one moment."""
