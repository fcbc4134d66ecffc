"""Which chapters does life in the park have, in the demo?"""

from workshops.actions import warning
from workshops.management.demo.benefits import Benefits
from workshops.management.demo.facilities import Facilities
from workshops.management.demo.fees import Fees
from workshops.management.demo.journal import Journal
from workshops.management.demo.presence import Presence
from workshops.management.demo.registers import Registers
from workshops.management.demo.residents import Residents
from workshops.management.demo.returns import Returns
from workshops.management.demo.stage import Stage

CHAPTERS = (Residents, Registers, Fees, Journal, Presence, Facilities, Returns, Benefits)


def chapters(people, now) -> list:
    """Generators to be merged by time with whatever else is told."""
    stage = Stage(people, now)
    told = [story for chapter in CHAPTERS for story in chapter(stage).tell()]
    return [*told, _warnings(stage)]


def _warnings(stage):
    """What the chore of the morning sends: waivers and terms that end, agreements not signed."""
    yield stage.at(stage.today, 7)
    warning.warn_of_endings()
