"""What must be true before a session is convened, begun and closed [3.2.2]."""


def agenda_not_empty(session):
    raise NotImplementedError


def seats_filled(session):
    raise NotImplementedError


def has_chair(session):
    raise NotImplementedError


def chair_is_present(session):
    raise NotImplementedError


def quorum_is_present(session):
    raise NotImplementedError


def no_round_open(session):
    raise NotImplementedError


def every_item_settled(session):
    raise NotImplementedError
