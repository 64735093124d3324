"""What every app shares; knows Django and no app."""
