"""The exception tree: each class says whose fault it is, each message how to mend it, in one line."""


class EdgeholoError(Exception):
    """Anything edgeholo can explain; its text is one line, fit for stderr."""

    exit_code = 1


class ConfigError(EdgeholoError):
    """The configuration is wrong: the user mends a file, an option or a variable."""

    exit_code = 78


class ModelError(EdgeholoError):
    """A model file is missing, corrupt or of another shape, or no engine can run it here."""

    exit_code = 78


class EngineUnfitError(ModelError):
    """This processor or system cannot run the engine that was asked for; another engine may."""


class CameraError(EdgeholoError):
    """The camera or the media cannot be opened, stopped, or delivers something that is no picture."""


class BrokerError(EdgeholoError):
    """The MQTT broker cannot be reached, or refuses us."""


class ActionError(EdgeholoError):
    """A device, a webhook or a command that a rule addressed did not obey."""
