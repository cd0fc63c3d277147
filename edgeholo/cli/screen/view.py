"""All that a picture of the screen is made from: nothing else is looked at, so that the same view is the same screen."""

from dataclasses import dataclass, field

from edgeholo.cli.screen.glyphs import Glyphs
from edgeholo.cli.screen.units import Told, Units, Watched


@dataclass(slots=True)
class View:
    """What is to be shown.

    Attributes:
        units: what was heard.
        now_s: the present, in the seconds that ``units`` was told.
        broker: its address, without secrets.
        trouble: why the broker is away; empty while it is there.
        asked: the unit that is to be shown whether it is there or not; empty for the first that is.
        mirrored: show the skeleton as in a mirror.
        helping: show what the keys do instead of the events.
        glyphs: what to write with.
    """

    units: Units
    now_s: float = 0.0
    broker: str = ""
    trouble: str = ""
    asked: str = ""
    mirrored: bool = False
    helping: bool = False
    glyphs: Glyphs = field(default_factory=Glyphs)

    @property
    def name(self) -> str:
        """The unit that is shown; empty where there is none."""
        return self.asked or self.units.first()

    @property
    def watched(self) -> Watched:
        """What is known of it."""
        return self.units[self.name]

    @property
    def told(self) -> Told | None:
        """What the unit says that it makes of what it sees; None where it says nothing now."""
        return self.watched.told(self.now_s) if self.online else None

    @property
    def looking(self) -> bool:
        """Whether it looks, as far as it says: its camera runs, and the picture is worth a look."""
        runs = self.watched.state("camera").get("state") in (None, "running")
        return self.online and runs and (self.told is None or self.told.looking)

    @property
    def online(self) -> bool:
        """Whether the unit can be heard now."""
        return not self.trouble and self.watched.unit.availability == "online"
