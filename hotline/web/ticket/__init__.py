"""The page of one ticket, for everybody who works on it, and the list that finds tickets."""
