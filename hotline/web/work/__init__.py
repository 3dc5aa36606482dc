"""Lists of work for every job, by remaining time, with steps for many tickets at once."""
