"""What the server tells open pages: join a page's groups, forward what happened."""
