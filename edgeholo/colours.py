"""The colours of the two sides, wherever skeletons and their figures are drawn.

Left is orange and right is blue, a pair that every kind of colour vision tells apart (Okabe and Ito, 2008).
"""

from edgeholo.types import Side

RGB = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""

SIDE: dict[Side, RGB] = {Side.LEFT: (230, 159, 0), Side.RIGHT: (86, 180, 233)}


def hexadecimal(colour: RGB) -> str:
    """Return a colour as web pages, terminals and figures want it: ``#e69f00``."""
    return "#" + bytes(colour).hex()
