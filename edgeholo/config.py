"""The configuration: one frozen tree, a section a stage, with unit, range and meaning beside every option.

``docs/configuration.md`` is read from here, and a test compares the two. ``settings.py`` says where values come from.
"""

import re
import socket
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Seconds = Annotated[float, Meta(ge=0, le=3600)]
Fraction = Annotated[float, Meta(ge=0, le=1)]
BranchMode = Literal["off", "on", "auto"]
"""The values of ``types.Mode``."""


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the TOML file; unknown keys are errors."""


def slug(text: str) -> str:
    """Return ``text`` as a topic level and Home Assistant id: lower case letters, digits, ``_`` and ``-``."""
    return re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-") or "edgeholo"


def _check_inside(name: str, area: tuple[float, float, float, float]) -> None:
    """Check that an area has a size and lies inside the picture."""
    left, top, width, height = area
    if width <= 0 or height <= 0:
        raise ValueError(f"{name} {list(area)} is empty: width and height must be more than 0")
    if left + width > 1.0001 or top + height > 1.0001:
        raise ValueError(f"{name} {list(area)} leaves the picture: left + width and top + height must be at most 1")


class Device(Section):
    """Who this unit is."""

    id: Annotated[
        str,
        Meta(pattern="^[a-z0-9_-]{1,64}$", description="Topic level and unique id; the host name's slug by default."),
    ] = msgspec.field(default_factory=lambda: slug(socket.gethostname().split(".")[0]))
    name: Annotated[str, Meta(max_length=64, description="What people call it; the id by default.")] = ""


class Camera(Section):
    """Where frames come from, and which part of them is looked at."""

    source: Annotated[
        str,
        Meta(
            min_length=1,
            description="`camera` (the first that is there), `picamera:N`, `v4l2:/dev/video0`, "
            "a video, a still, a folder, `rtsp://...`, `pattern` (a moving test picture).",
        ),
    ] = "camera"
    width: Annotated[int, Meta(ge=64, le=7680, description="Pixels of the stream that is looked at.")] = 640
    height: Annotated[int, Meta(ge=64, le=4320, description="Pixels of the stream that is looked at.")] = 480
    rate_hz: Annotated[float, Meta(ge=0.1, le=120, description="Frames a second asked of a camera.")] = 15.0
    rotation: Annotated[
        Literal[0, 90, 180, 270], Meta(description="Degrees clockwise that put the picture upright.")
    ] = 0
    mirror: Annotated[
        bool, Meta(description="True if the camera mirrors: the picture is flipped back, so left stays the person's.")
    ] = False
    region: Annotated[
        tuple[Fraction, Fraction, Fraction, Fraction],
        Meta(description="Left, top, width, height of what is looked at, as fractions of the upright picture."),
    ] = (0.0, 0.0, 1.0, 1.0)
    privacy: Annotated[bool, Meta(description="True: the camera stays closed, and `state/camera` says so.")] = False
    stall_s: Annotated[float, Meta(ge=0.5, le=60, description="A camera without a frame for so long is reopened.")] = (
        4.0
    )
    reopen_max_s: Annotated[float, Meta(ge=1, le=3600, description="Longest pause between two tries to reopen it.")] = (
        30.0
    )

    def __post_init__(self) -> None:
        """Check that the region lies inside the picture."""
        _check_inside("region", self.region)


class QualityGate(Section):
    """When a picture is too bad to be understood."""

    hold_s: Annotated[Seconds, Meta(description="A verdict changes only after the picture was so for this long.")] = 1.0
    frozen_s: Annotated[
        Seconds, Meta(description="Identical pictures for so long: the camera hangs. 0 switches it off.")
    ] = 3.0
    dark: Annotated[float, Meta(ge=0, le=255, description="Mean brightness below which it is too dark.")] = 24.0
    bright: Annotated[Fraction, Meta(description="Share of burnt-out pixels above which it is over-exposed.")] = 0.6
    blurred: Annotated[
        float,
        Meta(
            ge=0,
            description="Sharpness (variance of the Laplacian over that of the brightness, at 160 px width) "
            "below which it is blurred.",
        ),
    ] = 0.01
    covered: Annotated[
        float, Meta(ge=0, description="Contrast (standard deviation of brightness) below which the lens is covered.")
    ] = 6.0


class MotionGate(Section):
    """Spares inference while nobody is there and nothing moves."""

    enabled: Annotated[bool, Meta(description="False looks at every frame.")] = True
    threshold: Annotated[Fraction, Meta(description="Share of changed pixels that counts as motion.")] = 0.003
    linger_s: Annotated[Seconds, Meta(description="Looks on for so long after the last motion.")] = 3.0
    glance_s: Annotated[
        Seconds, Meta(description="Looks once so often even without motion: somebody may sit still.")
    ] = 2.0


class EngineOptions(Section):
    """What finds body, hands and face."""

    name: Annotated[
        Literal["litert", "mediapipe", "recorded"],
        Meta(
            description="`litert` runs everywhere; `mediapipe` is Google's own library, for a Pi 5 and x86-64; "
            "`recorded` plays a recording."
        ),
    ] = "litert"
    persons: Annotated[
        int, Meta(ge=1, le=4, description="People followed at once (litert); the nearest comes first.")
    ] = 1
    recording: Annotated[str, Meta(description="The recording that the `recorded` engine plays.")] = ""
    complexity: Annotated[Literal[0, 1, 2], Meta(description="Pose model: 0 lite, 1 full, 2 heavy.")] = 0
    pose: Annotated[
        BranchMode,
        Meta(
            description="The body: `on` in every frame, `auto` when the engine finds it worth a look, `off` never; "
            "where hands or face need it, it runs all the same and is not reported."
        ),
    ] = "auto"
    left_hand: Annotated[BranchMode, Meta(description="The person's left hand, likewise.")] = "auto"
    right_hand: Annotated[BranchMode, Meta(description="The person's right hand, likewise.")] = "auto"
    face: Annotated[BranchMode, Meta(description="The face, likewise.")] = "off"
    refine_face: Annotated[bool, Meta(description="478 face points with irises instead of 468.")] = False
    detection_confidence: Annotated[Fraction, Meta(description="Least score for a body to be found.")] = 0.5
    tracking_confidence: Annotated[Fraction, Meta(description="Least score for a part to be kept.")] = 0.5


class PartSmoothing(Section):
    """One Euro parameters of one part (Casiez et al. 2012)."""

    min_cutoff_hz: Annotated[float, Meta(gt=0, le=60, description="Cut-off at rest: lower is calmer.")] = 1.5
    beta: Annotated[
        float,
        Meta(
            ge=0,
            le=1000,
            description="How fast the cut-off rises with speed (in part sizes a second): higher lags less.",
        ),
    ] = 4.0


class Smoothing(Section):
    """How landmarks are calmed between frames."""

    filter: Annotated[Literal["one_euro", "kalman", "none"], Meta(description="The filter.")] = "one_euro"
    fade_s: Annotated[Seconds, Meta(description="A lost part is kept for so long, then it is gone.")] = 0.2
    pose: PartSmoothing = PartSmoothing(min_cutoff_hz=1.5, beta=4.0)
    hands: PartSmoothing = PartSmoothing(min_cutoff_hz=1.0, beta=6.0)
    face: PartSmoothing = PartSmoothing(min_cutoff_hz=1.5, beta=4.0)


class Conditions(Section):
    """When a gesture counts at all; a gesture that has started goes on."""

    facing: Annotated[bool, Meta(description="Only of a person who faces the camera, within 45 degrees or so.")] = False
    hands_up: Annotated[bool, Meta(description="Only of a hand above its elbow.")] = False
    alone: Annotated[bool, Meta(description="Only while one person is in the picture.")] = False
    distance_m: Annotated[
        float,
        Meta(ge=0, le=20, description="Only of a person at most so far away, estimated from the body's size; 0: any."),
    ] = 0.0
    zone: Annotated[
        tuple[Fraction, Fraction, Fraction, Fraction],
        Meta(
            description="Left, top, width, height, as fractions of the picture, of where the hand (the body's middle) must be."
        ),
    ] = (0.0, 0.0, 1.0, 1.0)

    def __post_init__(self) -> None:
        """Check that the zone lies inside the picture."""
        _check_inside("zone", self.zone)


class Arming(Section):
    """A wake gesture, after which commands count for a while."""

    enabled: Annotated[bool, Meta(description="True: nothing counts until the wake gesture was shown.")] = False
    gesture: Annotated[str, Meta(description="The wake gesture.")] = "open_palm"
    hold_s: Annotated[Seconds, Meta(description="The wake gesture is held for so long.")] = 0.7
    window_s: Annotated[Seconds, Meta(description="Time to command; every command begins it anew.")] = 6.0
    exempt: Annotated[tuple[str, ...], Meta(description="Gestures and controls that count unarmed too.")] = ("fall",)


class GestureOptions(Section):
    """Options of a single gesture; what is left out is taken from the table above it."""

    onset_s: Annotated[Seconds, Meta(description="Shown for so long before it starts.")] | None = None
    hold_s: Annotated[Seconds, Meta(description="Held for so long before `hold`.")] | None = None
    repeat_s: Annotated[Seconds, Meta(description="`repeat` so often while it is held.")] | None = None
    release_s: Annotated[Seconds, Meta(description="Gone for so long before it ends.")] | None = None
    cooldown_s: (
        Annotated[Seconds, Meta(description="The same gesture of the same hand rests for so long after its end.")]
        | None
    ) = None
    dead_s: Annotated[Seconds, Meta(description="Rests for so long after any other gesture.")] | None = None
    conditions: Conditions | None = None


class Gestures(Section):
    """Which gestures are recognised, and when they count."""

    profile: Annotated[
        str,
        Meta(description="`everyday` (those marked in the README), `all`, or one of `profiles`: the set that counts."),
    ] = "everyday"
    enabled: Annotated[tuple[str, ...], Meta(description="Names; empty means those of the profile.")] = ()
    values: Annotated[
        tuple[str, ...], Meta(description="Continuous controls: of `pinch`, `height`, `roll`, `spread`.")
    ] = ("pinch", "height", "roll", "spread")
    profiles: Annotated[
        dict[str, tuple[str, ...]], Meta(description='Sets of gestures: `[gestures.profiles]` `music = ["ok"]`.')
    ] = {}
    onset_s: Annotated[Seconds, Meta(description="Shown for so long before it starts.")] = 0.25
    hold_s: Annotated[Seconds, Meta(description="Held for so long before `hold`.")] = 1.0
    repeat_s: Annotated[Seconds, Meta(description="After `hold`, `repeat` so often while it is held; 0: never.")] = 0.0
    release_s: Annotated[Seconds, Meta(description="Gone for so long before it ends.")] = 0.3
    cooldown_s: Annotated[
        Seconds, Meta(description="The same gesture of the same hand rests for so long after its end.")
    ] = 0.5
    dead_s: Annotated[
        Seconds, Meta(description="After a gesture has started, others of the same person rest for so long.")
    ] = 0.3
    confidence: Annotated[Fraction, Meta(description="Least confidence for a gesture to start.")] = 0.6
    conditions: Conditions = Conditions()
    arming: Arming = Arming()
    each: Annotated[
        dict[str, GestureOptions], Meta(description="Options of single gestures: `[gestures.each.thumb_up]`.")
    ] = {}
    taught: Annotated[
        str, Meta(description="Folder of the gestures that were taught; empty: the service's or the user's own.")
    ] = ""


class PresenceOptions(Section):
    """When somebody counts as there."""

    appear_s: Annotated[Seconds, Meta(description="Seen for so long before `person` is true.")] = 0.4
    leave_s: Annotated[Seconds, Meta(description="Unseen for so long before `person` is false.")] = 2.0


class Broker(Section):
    """The home's MQTT broker."""

    url: Annotated[
        str,
        Meta(
            description="`mqtt://user@host:1883`, `mqtts://`, `ws://`, `wss://`, `embedded` for one on loopback, `none`."
        ),
    ] = "mqtt://localhost:1883"
    protocol: Annotated[Literal["auto", "5", "3.1.1"], Meta(description="`auto` tries MQTT 5 first.")] = "auto"
    username: Annotated[str, Meta(description="Overrides the user in the URL.")] = ""
    password_file: Annotated[str, Meta(description="A file with the password; never in the configuration itself.")] = ""
    ca_file: Annotated[str, Meta(description="Own certificate authority, PEM; the system's by default.")] = ""
    cert_file: Annotated[str, Meta(description="Client certificate, PEM.")] = ""
    key_file: Annotated[str, Meta(description="Key of the client certificate, PEM.")] = ""
    insecure: Annotated[bool, Meta(description="True takes any certificate: for a first try only.")] = False
    keepalive_s: Annotated[int, Meta(ge=5, le=3600, description="MQTT keep-alive.")] = 30
    reconnect_max_s: Annotated[
        float, Meta(ge=1, le=3600, description="Longest pause between two tries; it grows from 1 s, with jitter.")
    ] = 60.0


class Publish(Section):
    """What goes out, how often, and how long it waits."""

    base: Annotated[
        str, Meta(pattern="^[^#+/$][^#+]*[^#+/]$|^[^#+/$]$", description="First level or levels of every topic.")
    ] = "edgeholo"
    discovery: Annotated[
        str,
        Meta(
            pattern="^[^#+/$][^#+]*[^#+/]$|^[^#+/$]?$",
            description="Home Assistant's discovery prefix; empty: it is told nothing.",
        ),
    ] = "homeassistant"
    landmarks: Annotated[bool, Meta(description="Publishes landmarks.")] = False
    landmarks_hz: Annotated[float, Meta(gt=0, le=60, description="Landmark messages a second, at most.")] = 10.0
    values_hz: Annotated[
        float, Meta(gt=0, le=60, description="Messages a second of a control and hand, at most; the last value always.")
    ] = 10.0
    health_s: Annotated[float, Meta(ge=1, le=3600, description="Seconds between two health messages.")] = 30.0
    outbox_size: Annotated[
        int, Meta(ge=1, le=100_000, description="Events that wait while the broker is away; the oldest go first.")
    ] = 500
    expire_s: Annotated[
        float,
        Meta(
            gt=0,
            le=86_400,
            description="An event older than this is dropped, and counted: nobody wants last night's thumb.",
        ),
    ] = 60.0
    event_qos: Annotated[
        Literal[1, 2],
        Meta(description="1: a broken connection may repeat an event. 2: it does not, on MQTT 5; twice the packets."),
    ] = 1
    journal: Annotated[
        bool,
        Meta(description="Events that wait survive a restart, in a small file that is written only while they do."),
    ] = True


class RuleOptions(Section):
    """What happens in the house; docs/rules.md shows how to write it."""

    file: Annotated[str, Meta(description="The rules; empty: `rules.toml` beside the configuration.")] = ""
    commands: Annotated[bool, Meta(description="True lets rules start programs of this machine.")] = False


class Web(Section):
    """The page: `edgeholo web`, a process of its own; docs/page.md shows how it is opened to the home."""

    host: Annotated[
        str,
        Meta(
            min_length=1,
            description="Where it listens: `127.0.0.1` for this machine alone, `0.0.0.0` or `::` for the home's network too, which needs a token.",
        ),
    ] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="TCP port; 0: any free one, which is said at the start.")] = (
        8380
    )
    token_file: Annotated[
        str,
        Meta(
            description="File with the hash of the token that opens the page; empty: systemd's credential `page-token`, else `page_token` beside the configuration. `edgeholo web --new-token` writes it."
        ),
    ] = ""
    names: Annotated[
        tuple[str, ...],
        Meta(description="Names that browsers may call the page by, beside this machine's own and any IP address."),
    ] = ()
    cert_file: Annotated[str, Meta(description="Certificate of the page, PEM; with it the page is https alone.")] = ""
    key_file: Annotated[str, Meta(description="Key of that certificate, PEM.")] = ""


class UpdateOptions(Section):
    """Where new versions come from; docs/install.md shows how a release is made."""

    source: Annotated[
        str, Meta(description="A folder's absolute path or an https address with `releases.json`; empty: none.")
    ] = ""


class Log(Section):
    """What goes to the journal."""

    level: Annotated[Literal["debug", "info", "warning", "error"], Meta(description="Least severity.")] = "info"


class Config(Section):
    """The whole tree."""

    device: Device = msgspec.field(default_factory=Device)
    camera: Camera = Camera()
    quality: QualityGate = QualityGate()
    motion: MotionGate = MotionGate()
    engine: EngineOptions = EngineOptions()
    smoothing: Smoothing = Smoothing()
    gestures: Gestures = Gestures()
    presence: PresenceOptions = PresenceOptions()
    broker: Broker = Broker()
    publish: Publish = Publish()
    rules: RuleOptions = RuleOptions()
    web: Web = Web()
    update: UpdateOptions = UpdateOptions()
    log: Log = Log()
