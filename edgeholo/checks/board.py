"""How the board is: temperature, power, and what the firmware has done about them."""

from edgeholo.board import THROTTLED, THROTTLED_BEFORE, UNDER_VOLTAGE, UNDER_VOLTAGE_BEFORE, Board
from edgeholo.checks.finding import Case, Finding, bad, ok, unknown, warning
from edgeholo.heat import FIRMWARE_C, STEPS


def temperature(case: Case) -> Finding:
    """Read the processor's temperature."""
    degrees = Board(case.root).temperature_c()
    if degrees is None:
        return unknown("temperature", "this machine does not tell")
    text = f"{degrees:g} °C"
    slowed = [step for step in STEPS if degrees >= step.at_c]
    if degrees >= FIRMWARE_C:
        return bad("temperature", "hot", f"{text}: the firmware takes the clock down")
    if slowed:
        return warning("temperature", "hot", f"{text}: {slowed[-1].words}")
    return ok("temperature", text)


def power(case: Case) -> Finding:
    """Read what a Raspberry Pi's firmware complains of."""
    bits = Board(case.root).throttled()
    if bits is None:
        return unknown("power", "this machine does not tell")
    told = f"(get_throttled 0x{bits:x})"
    if bits & UNDER_VOLTAGE:
        return bad("power", "power-low", f"under-voltage now {told}")
    if bits & THROTTLED:
        return warning("power", "throttled", f"slowed down now {told}")
    if bits & UNDER_VOLTAGE_BEFORE:
        return warning("power", "power-was-low", f"under-voltage since the start {told}")
    if bits & THROTTLED_BEFORE:
        return warning("power", "throttled", f"slowed down since the start {told}")
    return ok("power", told)
