"""What `manage.py serve` is made of: the web server, the workers beside it, what comes before."""
