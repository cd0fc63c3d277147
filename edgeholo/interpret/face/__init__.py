"""Faces: what they show and do."""
