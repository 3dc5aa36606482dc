"""What somebody had written in the background, to fetch."""
