"""The project package and the front: imports everything, is imported by nothing."""
