"""Real exchanges, results, a story and a framework to start from, gathered from public sources."""
