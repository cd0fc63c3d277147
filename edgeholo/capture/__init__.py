"""Where frames come from, and whether they are worth looking at."""
