"""Hands: what they show."""
