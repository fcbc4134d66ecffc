"""Reference data as the journey of applications has it."""

from tests.applications.conftest import clock, reference

__all__ = ["clock", "reference"]
