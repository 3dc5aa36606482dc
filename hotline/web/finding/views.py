"""What the search box on top of every staff page finds."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from hotline.web.requests import StaffRequest, address, staff
from knowledge import policy as knowledge_policy
from knowledge.selectors import matching
from tickets import finding, policy
from tickets.numbers import looks_like_number

ARTICLES = 5
TICKETS = 30
MAX_WORDS = 200


@require_GET
@staff()
def search(request: StaffRequest) -> HttpResponse:
    """Find tickets and knowledge (搜索); a whole number leads straight to its ticket."""
    words = request.GET.get("q", "").strip()[:MAX_WORDS]
    if looks_like_number(words) and policy.visible_to(request.user).filter(number=words):
        return redirect("tickets:detail", words)
    context: dict[str, object] = {"words": words}
    if words:
        audience = knowledge_policy.audience_of(request.user)
        context["found"] = finding.find(request.user, words, TICKETS, ip=address(request))
        context["articles"] = matching(words, audience=audience, limit=ARTICLES)
    return render(request, "finding/results.html", context)
