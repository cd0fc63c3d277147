"""Bodies: arms, trunk and posture."""
