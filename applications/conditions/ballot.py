"""What must be true before and after a round of the ballot [3.2.2]."""


def session_sits(application):
    raise NotImplementedError


def conflicts_settled(application):
    raise NotImplementedError


def opinion_agreed(application):
    raise NotImplementedError


def round_allowed(application):
    raise NotImplementedError


def enough_present(application):
    raise NotImplementedError


def came_to_passed(application):
    raise NotImplementedError


def came_to_failed(application):
    raise NotImplementedError


def came_to_nothing(application):
    raise NotImplementedError
