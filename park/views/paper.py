"""A paper opened from the page of its record: served, or one page that waits while it is being printed."""

from django.shortcuts import render

from park import documents


def serve_paper(request, document, *, back):
    """The PDF, inline where asked. While it is not printed: a page that looks again by itself and leads `back`."""
    try:
        return documents.serve(document, by=request.user, inline="inline" in request.GET)
    except documents.NotPrinted as pending:
        context = {"document": document, "text": str(pending), "back": back}
        return render(request, "park/paper_pending.html", context, status=202)
