"""The supervisor's live board; every figure leads to its tickets."""
