"""Engine-free queries."""
