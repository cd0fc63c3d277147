"""TOML as people write it: where things stand in a text, and how to change one without touching the rest."""
