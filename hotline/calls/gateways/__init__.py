"""Gateways turn a telephone system's words into neutral events, and our commands into its words."""
