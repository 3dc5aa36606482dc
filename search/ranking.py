"""One scorer over the candidates of either engine."""
