"""Who acts: users, roles, the tree of units, personal fields."""
