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
    return render(request, "cms/search.html", {"text": text, "page": page, "shortest": SHORTEST, "longest": LONGEST})
