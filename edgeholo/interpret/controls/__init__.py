"""Continuous controls: one file each, and what they share."""
