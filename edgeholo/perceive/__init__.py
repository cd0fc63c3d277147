"""From a frame to people: engines, their models, and what keeps landmarks calm and persons apart."""
