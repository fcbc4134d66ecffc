"""What follows from sending and deciding a candidate list [3.2.2][3.2.3]."""


def close_entry(application, *, by, data):
    raise NotImplementedError


def list_candidates(candidate_list, *, by, data):
    raise NotImplementedError


def issue_list(candidate_list, *, by, data):
    raise NotImplementedError


def unlist_candidates(candidate_list, *, by, data):
    raise NotImplementedError


def withdraw_list_paper(candidate_list, *, by, data):
    raise NotImplementedError


def free_entries(candidate_list, *, by, data):
    raise NotImplementedError


def record_resolution(candidate_list, *, by, data):
    raise NotImplementedError


def carry_out(candidate_list, *, by, data):
    raise NotImplementedError


def issue_resolution(candidate_list, *, by, data):
    raise NotImplementedError
