"""What each person was told: the bell of every staff page and its list."""
