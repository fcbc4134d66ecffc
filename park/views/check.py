"""Is a printed paper genuine and still valid? Public, and without a word about any person."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from park import documents
from park.models.document import DocumentState

# What the page says of each state, and the colour of its mark: (heading, sentence, mark)
VERDICTS = {
    DocumentState.ISSUED: (
        "有效",
        "本系统出具过这份文书，目前有效。请核对编号、版本与您手中的是否一致。",
        "done",
    ),
    DocumentState.PENDING: ("正在生成", "这份文书已经登记，文件正在生成，请稍后再查。", "wait"),
    DocumentState.FAILED: (
        "正在生成",
        "这份文书已经登记，文件尚未生成，请稍后再查或者联系管理办公室。",
        "wait",
    ),
    DocumentState.SUPERSEDED: ("已失效", "这份文书已被新的版本取代，不再有效。", "danger"),
    DocumentState.WITHDRAWN: ("已撤回", "这份文书已被撤回，不再有效。", "danger"),
}
DRAFT = ("草稿", "这是一份草稿，仅供核对，不能作为正式材料使用。", "neutral")
UNKNOWN = ("查无此件", "没有找到这个核验码。请核对是否抄错；如确认无误，这份文书不是本系统出具的。", "danger")


@require_safe
@never_cache
@login_not_required
def check_document(request, code=""):
    """Genuine, superseded, withdrawn or unknown; reached by the QR code or by typing the code (`?code=`)."""
    code = code or request.GET.get("code", "")
    asked = bool(code.strip())
    document = documents.find(code) if asked else None
    heading, sentence, mark = _verdict(document)
    context = {
        "asked": asked,
        "code": code.strip()[:40],
        "document": document,
        "heading": heading,
        "sentence": sentence,
        "mark": mark,
    }
    return render(request, "park/check.html", context, status=404 if asked and document is None else 200)


def _verdict(document):
    if document is None:
        return UNKNOWN
    if document.is_draft and document.state in (DocumentState.ISSUED, DocumentState.PENDING):
        return DRAFT
    return VERDICTS[document.state]
