"""Gestures that the people of the house teach."""
