"""What goes out, reliably: events, deliveries, notices."""
