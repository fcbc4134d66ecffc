"""What follows from opening and closing a round [3.2.2]."""


def open_round(application, *, by, data):
    raise NotImplementedError


def settle_item(application, *, by, data):
    raise NotImplementedError
