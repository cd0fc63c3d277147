"""Drawing with characters: braille, whose cells hold two by four dots, or plain letters where there is no braille."""

from collections.abc import Iterator

from rich.text import Text

ACROSS, DOWN = 2, 4
"""Dots of a cell. In most fonts a cell is twice as high as wide, so that dots are square."""
_BRAILLE = 0x2800
_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Of the dots of a cell, row by row (Unicode, chapter 21.1)."""
_ROWS = tuple(left | right for left, right in _BITS)
_LEFT, _RIGHT = (sum(pair[side] for pair in _BITS) for side in (0, 1))
_UPPER, _LOWER = _ROWS[0] | _ROWS[1], _ROWS[2] | _ROWS[3]
_LEVEL = ("'", "-", "-", "_")
"""Plain letters for dots of one row alone."""
_MANY = 5
"""Dots from which a cell of plain letters is rather filled."""


class Canvas:
    """A picture of ``width`` by ``height`` cells; what is drawn later covers colours, not dots.

    Args:
        width: in cells.
        height: in cells.
        plain: use letters that every terminal has.
    """

    def __init__(self, width: int, height: int, *, plain: bool = False) -> None:
        self.width, self.height = width, height
        self._plain = plain
        self._dots = [bytearray(width) for _ in range(height)]
        self._styles = [[""] * width for _ in range(height)]
        self._letters: dict[tuple[int, int], str] = {}

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in dots."""
        return self.width * ACROSS, self.height * DOWN

    def dot(self, x: int, y: int, style: str = "") -> None:
        """Set a dot; one that is outside is not there."""
        column, row = x // ACROSS, y // DOWN
        if 0 <= column < self.width and 0 <= row < self.height:
            self._dots[row][column] |= _BITS[y % DOWN][x % ACROSS]
            self._styles[row][column] = style

    def line(self, start: tuple[float, float], end: tuple[float, float], style: str = "") -> None:
        """Set the dots from one place to another, both in dots."""
        x, y = start
        steps = max(1, round(max(abs(end[0] - x), abs(end[1] - y))))
        along, down = (end[0] - x) / steps, (end[1] - y) / steps
        for _ in range(steps + 1):
            self.dot(int(x // 1), int(y // 1), style)
            x, y = x + along, y + down

    def letter(self, x: float, y: float, letter: str, style: str = "") -> None:
        """Put a letter over the cell in which a place, in dots, is."""
        column, row = int(x // ACROSS), int(y // DOWN)
        if 0 <= column < self.width and 0 <= row < self.height:
            self._letters[row, column] = letter
            self._styles[row][column] = style

    def rows(self) -> Iterator[Text]:
        """Yield the lines of the picture, from top to bottom."""
        for number, (dots, styles) in enumerate(zip(self._dots, self._styles, strict=True)):
            row = Text()
            glyphs = [self._letters.get((number, column)) or self._glyph(bits) for column, bits in enumerate(dots)]
            begin = 0
            for column in range(1, self.width + 1):
                if column == self.width or styles[column] != styles[begin]:
                    row.append("".join(glyphs[begin:column]), styles[begin])
                    begin = column
            yield row

    def _glyph(self, bits: int) -> str:
        if not bits:
            return " "
        return _letter(bits) if self._plain else chr(_BRAILLE + bits)


def _letter(bits: int) -> str:
    """Return the plain letter that looks most like some dots."""
    for row, letter in zip(_ROWS, _LEVEL, strict=True):
        if not bits & ~row:
            return letter
    if bits.bit_count() >= _MANY:
        return "#"
    if not bits & ~_LEFT or not bits & ~_RIGHT:
        return "|"
    if not bits & (_LEFT & _LOWER | _RIGHT & _UPPER):
        return "\\"
    if not bits & (_LEFT & _UPPER | _RIGHT & _LOWER):
        return "/"
    return "+" if bits & _UPPER and bits & _LOWER else "-"
