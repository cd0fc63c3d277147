"""From people to what they mean: features, gestures, phases, presence."""
