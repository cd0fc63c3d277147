"""The live screen of ``edgeholo watch``: what one unit sees, does and says, in a terminal."""
