"""Where the pages of staff keep what is being typed."""
