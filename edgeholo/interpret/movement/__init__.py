"""Movements: what hands do."""
