"""What follows from opening and closing a round [3.2.2]."""

from applications.actions import balloting, deliberating


def open_round(application, *, by, data):
    """The round and its roll: everybody in the room who has no conflict."""
    balloting.write_round(application, by=by)


def settle_item(application, *, by, data):
    """The case has left the panel: its opinion stands as it was agreed and goes into box 11 of [A1]."""
    item = deliberating.open_item(application)
    item.is_open = False
    item.save(update_fields=["is_open"])
