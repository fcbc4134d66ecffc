"""What follows from the steps of a session [3.2.2]."""


def copy_rules(session, *, by, data):
    raise NotImplementedError


def propose_conflicts(session, *, by, data):
    raise NotImplementedError


def issue_invitation(session, *, by, data):
    raise NotImplementedError


def begin(session, *, by, data):
    raise NotImplementedError


def close(session, *, by, data):
    raise NotImplementedError


def issue_minutes(session, *, by, data):
    raise NotImplementedError


def release_items(session, *, by, data):
    raise NotImplementedError
