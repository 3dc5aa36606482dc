"""Ways in for demands that others collected: one file, one way."""
