"""The page: a process of its own, and to the home a subscriber like any other."""
