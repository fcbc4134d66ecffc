"""What the tests of studios share with those of applying: reference data and the clock."""

from tests.applications.conftest import clock, reference

__all__ = ["clock", "reference"]
