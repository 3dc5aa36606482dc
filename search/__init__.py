"""A search library: declarations, engine-free queries, two back ends; knows no model of ours."""
