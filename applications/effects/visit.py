"""What follows from the steps of a site visit [3.2.2]."""


def reject_after_visit(application, *, by, data):
    raise NotImplementedError


def postpone(visit, *, by, data):
    raise NotImplementedError


def renew_notice(visit, *, by, data):
    raise NotImplementedError


def withdraw_notice(visit, *, by, data):
    raise NotImplementedError


def finish_record(visit, *, by, data):
    raise NotImplementedError


def print_sheet(visit, *, by, data):
    raise NotImplementedError


def reopen_record(visit, *, by, data):
    raise NotImplementedError


def confirm_online(visit, *, by, data):
    raise NotImplementedError


def confirm_on_paper(visit, *, by, data):
    raise NotImplementedError
