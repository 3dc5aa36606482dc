"""A demand's whole life: the domain, without HTTP."""
