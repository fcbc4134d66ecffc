"""What follows from the answer to a leave."""


def keep_answer(leave, *, by, data):
    """The words of the answer stay with the leave."""
    leave.answer = data.get("reason", "")
    leave.save(update_fields=["answer"])
