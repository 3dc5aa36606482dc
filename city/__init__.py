"""What, where and when, and no people: categories, places, calendar, words."""
