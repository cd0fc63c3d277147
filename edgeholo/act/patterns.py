"""What texts in rules must look like, and how to say so."""

TOPIC = "^[^#+\x00]+$"
COLOUR = "^#[0-9a-fA-F]{6}$"
TIME = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
SERVER = r"^https?://[^/\s]+/?$"
ADDRESS = r"^https?://[^/\s]+(/\S*)?$"
ENTITY = r"^[a-z0-9_]+\.[a-z0-9_]+$"
PROPERTY = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?(/[a-z0-9]([a-z0-9-]*[a-z0-9])?){2}$"
FULL_TOPIC = "%prefix%.*%topic%|%topic%.*%prefix%"
ONE_LINE = r"^[^\r\n]*$"

WORDS = {
    TOPIC: "a topic without wildcards",
    COLOUR: "a colour, #rrggbb",
    TIME: "a time of day, 18:30",
    SERVER: "a web address without a path, http://homeassistant.local:8123",
    ADDRESS: "a web address, http://...",
    ENTITY: "two names with a dot, light.hall",
    PROPERTY: "device/node/property, of small letters, digits and hyphens",
    FULL_TOPIC: "both %prefix% and %topic%",
    ONE_LINE: "one line",
}
"""What is expected, by its pattern."""
