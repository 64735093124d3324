"""Things of the community as plain rows: the same for the API and the CSV files."""
