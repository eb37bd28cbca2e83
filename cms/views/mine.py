from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from certificates.models import Certificate
from certificates.progress import meters_of, route_of
from cms.next_step import next_step
from cms.overview import facts_of
from commitments.trained import intervision_of
from parties.access import signed_in
from parties.periods import today
from sessions.gatherings import gathering_of
from sessions.models import Registration
from sessions.offers import token_of


@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """/mijn/: one next step, what is coming, the programme, certificates, and what HR can see."""
    facts = facts_of(request.user, timezone.now())
    certificates = (
        Certificate.objects.current()
        .without_pdf()
        .filter(award__person=request.user)
        .select_related("award", "replaced_by")
        .order_by("-issued_at")
    )
    return render(
        request,
        "cms/mine.html",
        {
            "step": next_step(facts),
            "invitations": [(one, gathering_of(one.meeting)) for one in facts.invitations],
            "waiting": [
                (one, token_of(one.pk) if one.state == Registration.State.OFFERED else "")
                for one in facts.registrations
                if one.state != Registration.State.CONFIRMED
            ],
            "certificates": certificates,
            "route": route_of(request.user),
            "meters": meters_of(request.user),
            "intervision": intervision_of(request.user, today()),
        },
    )
