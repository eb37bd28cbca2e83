from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.search import SHORTEST, query_words, search

LONGEST = 100


@require_safe
def search_view(request: HttpRequest) -> HttpResponse:
    """/zoeken/?zoek=…: what lessons and information pages say about it, for everyone."""
    text = " ".join(request.GET.get("zoek", "").split())[:LONGEST]
    words = query_words(text)
    page = search(words, request.GET.get("pagina", "1")) if words else None
    context = {
        "text": text,
        "page": page,
        "too_short": bool(text) and not words,
        "nothing": page is not None and not page.paginator.count,
        "shortest": SHORTEST,
    }
    return render(request, "cms/search.html", context)
