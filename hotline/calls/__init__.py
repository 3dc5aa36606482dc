"""The phone side (通话): neutral events in, commands out; a Call points at a Ticket, never back."""
