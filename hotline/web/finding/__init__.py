"""Finding anything from any staff page: tickets and knowledge by one line of words."""
