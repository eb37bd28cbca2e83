"""Asking the participants of a training, keeping what they answer apart from who they are, and closing.

Who is asked stands in ``Respondent``, what was answered in ``Response``, and nothing leads from one to the other (decision 0045).
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parties.small_groups import STEP
from sessions import survey
from sessions.emails import survey_mails
from sessions.models import EvaluationForm, Registration, Respondent, Response, Survey, Training
from sessions.survey import Question, Values

#: How long people can answer, and change their answers; the last day counts whole.
OPEN_FOR = dt.timedelta(weeks=3)

#: How long after the last meeting each is asked.
ASKED_AFTER = {Survey.Kind.EVALUATION: dt.timedelta(0), Survey.Kind.PRACTICE: dt.timedelta(weeks=6)}


def surveys_ask(*, now: dt.datetime) -> int:
    """Mails everybody who was there and was not asked yet. Safe to run twice, at once, or up to three weeks late.

    Returns:
        how many people were asked.
    """
    form = EvaluationForm.objects.order_by("pk").first()
    if form is None:
        return 0
    asked = 0
    for kind, wait in ASKED_AFTER.items():
        ended_after, ended_until = now - wait - OPEN_FOR, now - wait
        waiting = Registration.objects.to_ask(kind, ended_after, ended_until).order_by("training")
        for training_pk in list(waiting.values_list("training", flat=True).distinct()):
            with transaction.atomic():
                training = Training.objects.locked(training_pk)
                people = Registration.objects.to_ask(kind, ended_after, ended_until).filter(training=training)
                asked += _ask(
                    training, kind, questions_of(form, kind), list(people.select_related("person", "membership")), now
                )
    return asked


def survey_answer(*, respondent: Respondent, code: str, values: Values, now: dt.datetime) -> None:
    """Keeps the answers under ``code``, which is forgotten here. The same code again changes them.

    Raises:
        ValidationError: nothing was answered; it was answered under another code; or it is too late.
    """
    with transaction.atomic():
        asked = Survey.objects.locked(respondent.survey_id)
        if asked.closed_at or asked.closes_at <= now:
            raise ValidationError(_("The time to answer is over."), code="closed")
        if not values:
            raise ValidationError(_("Answer at least one question."), code="empty")
        key = survey.key_of(respondent.pk, code)
        answered = asked.respondents.get(pk=respondent.pk).has_answered
        if answered and not asked.responses.filter(key=key).exists():
            raise ValidationError(
                _("You answered already. You can change your answers only in the browser in which you gave them."),
                code="answered",
            )
        asked.respondents.filter(pk=respondent.pk).update(has_answered=True)
        _write(asked, Response(key=key, survey=asked, values=dict(values)))


def surveys_close(*, now: dt.datetime) -> list[int]:
    """Closes what is over: forgets who was asked, and answers of fewer than five, which nobody may ever read.

    Safe to run twice.

    Returns:
        the keys of the surveys that were closed.
    """
    closed = []
    for one in Survey.objects.to_close(now):
        with transaction.atomic():
            if not Survey.objects.to_close(now).filter(pk=one.pk).update(closed_at=now):
                continue
            one.respondents.all().delete()
            if one.responses.count() < STEP:
                one.responses.all().delete()
            closed.append(one.pk)
    return closed


def questions_of(form: EvaluationForm, kind: str) -> list[Question]:
    """What the form asks now."""
    if kind == Survey.Kind.PRACTICE:
        return [Question("practice", "text", {"nl": form.practice_nl, "en": form.practice_en})]
    return [
        Question(
            str(block.id),
            block.block_type,
            {"nl": block.value["nl"], "en": block.value["en"]},
            [{"nl": choice["nl"], "en": choice["en"]} for choice in block.value.get("choices", ())],
        )
        for block in form.questions
    ]


def _ask(
    training: Training, kind: str, questions: list[Question], registrations: list[Registration], now: dt.datetime
) -> int:
    """Under the lock on the training; who is corrected to present later joins the survey that goes on."""
    if not registrations:
        return 0
    asked, _created = Survey.objects.get_or_create(
        training=training,
        kind=kind,
        defaults={"questions": survey.written(questions), "asked_at": now, "closes_at": _closes_at(now)},
    )
    if asked.closes_at <= now:
        return 0
    by_person = {registration.person_id: registration for registration in registrations}
    respondents = [Respondent.objects.create(survey=asked, person_id=person) for person in sorted(by_person)]
    survey_mails(asked, training, [(one, by_person[one.person_id]) for one in respondents])
    return len(respondents)


def _write(asked: Survey, response: Response) -> None:
    """All answers of the survey are written anew, by their random keys, so that no row of the database came last."""
    others = list(asked.responses.exclude(key=response.key))
    asked.responses.all().delete()
    Response.objects.bulk_create(sorted([*others, response], key=lambda one: one.key))


def _closes_at(now: dt.datetime) -> dt.datetime:
    """The midnight at the end of the last day."""
    last = timezone.localtime(now + OPEN_FOR).date()
    return timezone.make_aware(dt.datetime.combine(last + dt.timedelta(days=1), dt.time()))
