"""What the city knows and may answer: articles, versions, search."""
