"""What ``edgeholo plot`` draws: the story of a recording, and the picture of it."""
