"""edgeholo: understands body and hands of the people in a room, and tells the house over MQTT."""

__version__ = "0.1.0"
