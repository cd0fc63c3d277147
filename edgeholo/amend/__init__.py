"""The files that the page may change: what may be wished for, what is refused, and how it is written."""
