"""A freshly flashed memory card becomes a unit of this house: what is written onto its boot partition, and what reads it there."""
