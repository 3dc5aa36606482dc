"""The call-back page: who is to be called, and the three questions."""
