from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from certificates.models import Programme
from certificates.progress import outline_of, route_of


@require_safe
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """/leerroutes/<slug>/: what a programme asks, for everyone; the signed-in see how far they are."""
    shown = get_object_or_404(Programme.objects.active().prefetch_related("courses"), slug=slug)
    steps = route_of(request.user, shown) if request.user.is_authenticated else outline_of(shown)
    return render(request, "certificates/programme.html", {"programme": shown, "steps": steps})
