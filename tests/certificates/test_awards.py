import datetime as dt
import itertools
import re

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction

from certificates.actions import numbers
from certificates.actions.awards import award_revoke, certificate_reissue, months_later, people_judge, programme_judge
from certificates.actions.numbers import numbers_take
from certificates.models import Award, AwardMembership, Certificate
from certificates.signals import awards_changed
from courses.models import Enrolment
from courses.signals import course_completed
from parties.models import AuditEntry, OutboxMessage
from sessions.models import Attendance, Training
from sessions.signals import attendance_settled
from tests.at_once import DONE, at_once, needs_several_writers
from tests.certificates import scene
from tests.factories import MembershipFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def told():
    """The ids that awards_changed was sent with."""
    sent = []

    def listen(person_ids, **_):
        sent.append(person_ids)

    awards_changed.connect(listen)
    yield sent
    awards_changed.disconnect(listen)


def test_the_last_module_gives_award_certificate_and_mail(told):
    programme = scene.basic()
    person = scene.learner()
    MembershipFactory(person=person, organisation=OrganisationFactory(), state="waiting")
    scene.held(person)
    scene.finish(person, scene.modules()[:2])
    assert programme_judge(person=person) == []
    last = scene.finish(person, scene.modules()[2:])

    course_completed.send(sender=Enrolment, enrolment=last)

    award = Award.objects.get()
    assert (award.person, award.programme, award.valid_from, award.valid_until) == (
        person,
        programme,
        dt.date(2026, 11, 23),
        dt.date(2029, 11, 23),
    )
    assert list(AwardMembership.objects.values_list("organisation__name", "side")) == [("Van Vliet", "workplace")]
    certificate = Certificate.objects.get()
    assert certificate.snapshot == {
        "courses": [
            {"title": title, "date": "2026-11-23", "minutes": 50, "revision": 1}
            for title in ("Herkennen", "Erkennen", "Tegengaan")
        ],
        "trainings": [{"title": "Eerlijk begeleiden", "date": "2026-11-23", "minutes": 180}],
        "intervision": None,
        "goals": ["Je herkent het."],
        "organiser": "Haags Manifest Gelijke stagekansen",
    }
    assert re.fullmatch(r"GK-2026-\d{6}", certificate.number)
    assert (certificate.holder_name, certificate.organisation_names, certificate.net_minutes) == (
        "Sevgi Yıldız",
        ["Van Vliet"],
        330,
    )
    assert told == [[person.pk]]
    mail = OutboxMessage.objects.get()
    assert (mail.kind, mail.to_address, mail.person) == ("certificate-awarded", person.email, person)
    assert certificate.number in mail.text
    assert "/mijn/bewijzen/" in mail.text
    assert f"/controle/{certificate.code}/" in mail.html


def test_closing_the_list_gives_awards_to_everybody_who_is_ready(told):
    scene.basic()
    ready, not_ready = scene.learner("Anna"), scene.learner("Bert")
    scene.finish(ready, scene.modules())
    scene.finish(not_ready, scene.modules()[:1])
    training = scene.held(ready, not_ready)

    attendance_settled.send(sender=Training, training=training, person_ids=[ready.pk, not_ready.pk])

    assert list(Award.objects.values_list("person", flat=True)) == [ready.pk]
    assert told == [[ready.pk]]


def test_judging_twice_gives_one_award():
    scene.basic()
    person = scene.finisher()
    assert len(people_judge(person_ids=[person.pk])) == 1
    assert people_judge(person_ids=[person.pk]) == []
    assert Certificate.objects.count() == 1


def test_a_rollback_leaves_nothing_and_gives_the_number_back():
    scene.basic()
    person = scene.finisher()

    @transaction.atomic
    def judge_and_break():
        people_judge(person_ids=[person.pk])
        assert Certificate.objects.count() == 1
        raise RuntimeError

    with pytest.raises(RuntimeError):
        judge_and_break()
    assert (Award.objects.count(), Certificate.objects.count(), OutboxMessage.objects.count()) == (0, 0, 0)
    people_judge(person_ids=[person.pk])
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize(
    ("minutes", "other_side", "awards"),
    [(180, True, 1), (144, True, 1), (143, True, 0), (180, False, 0)],
)
def test_a_training_counts_from_80_percent_and_with_both_sides_present(minutes, other_side, awards):
    scene.basic()
    person = scene.learner()
    scene.finish(person, scene.modules())
    scene.held(person, minutes=minutes, other_side=other_side)
    assert len(programme_judge(person=person)) == awards


def test_a_training_for_one_side_does_not_count():
    scene.basic()
    person = scene.finisher()
    Training.objects.update(seats_school=0)
    assert programme_judge(person=person) == []


def test_a_correction_that_shows_the_other_side_was_there_awards_those_who_wait():
    scene.basic()
    person = scene.finisher()
    school = Attendance.objects.exclude(person=person).get()
    Attendance.objects.filter(pk=school.pk).update(state="absent", minutes=0)
    assert programme_judge(person=person) == []
    Attendance.objects.filter(pk=school.pk).update(state="present", minutes=180)

    attendance_settled.send(sender=Training, training=Training.objects.get(), person_ids=[school.person_id])

    assert list(Award.objects.values_list("person", flat=True)) == [person.pk]


def test_intervision_counts_meetings_and_shows_only_number_time_and_school_year():
    from sessions.models import IntervisionGroup, Meeting

    scene.basic(intervision_meetings=2)
    person = scene.finisher()
    group = IntervisionGroup.objects.create(name="Groep Zuid", facilitator=PersonFactory())
    for days in (1, 2, -1):
        ends = NOW - dt.timedelta(days=days)
        meeting = Meeting.objects.create(group=group, starts_at=ends - dt.timedelta(minutes=90), ends_at=ends)
        Attendance.objects.create(person=person, meeting=meeting, state="present", minutes=90)
        if days == 1:
            assert programme_judge(person=person) == []
    assert len(programme_judge(person=person)) == 1
    assert Certificate.objects.get().snapshot["intervision"] == {
        "meetings": 2,
        "minutes": 180,
        "school_years": ["2026-2027"],
    }


def test_a_programme_that_asks_nothing_or_is_closed_gives_nothing():
    scene.basic(slug="dicht", is_active=False)
    nothing = scene.basic(slug="niets", joint_trainings=0)
    nothing.courses.clear()
    assert programme_judge(person=scene.finisher()) == []


def test_after_expiry_only_a_new_training_gives_a_new_award():
    scene.basic(validity_months=12)
    person = scene.finisher()
    programme_judge(person=person)
    with time_machine.travel(NOW + dt.timedelta(days=400), tick=False):
        assert programme_judge(person=person) == []
        scene.held(person, title="Nog eens")
        [second] = programme_judge(person=person)
        assert second.valid_from == dt.date(2027, 12, 28)
        snapshot = second.certificates.get().snapshot
    assert [item["title"] for item in snapshot["trainings"]] == ["Nog eens"]
    assert [item["title"] for item in snapshot["courses"]] == ["Herkennen", "Erkennen", "Tegengaan"]


def test_on_the_last_day_it_is_valid_and_the_day_after_it_is_not():
    scene.basic()
    person = scene.finisher()
    programme_judge(person=person)
    certificate = Certificate.objects.get()
    assert certificate.last_day == dt.date(2029, 11, 22)
    for day, status in (("2029-11-22", "valid"), ("2029-11-23", "expired")):
        with time_machine.travel(f"{day}T12:00:00+01:00"):
            assert Certificate.objects.get().status == status


def test_revoking_asks_a_reason_is_written_down_and_told(told):
    scene.basic()
    person, by = scene.finisher(), PersonFactory()
    [award] = programme_judge(person=person)
    told.clear()
    with pytest.raises(ValidationError) as empty:
        award_revoke(award=award, reason="  ", by=by)
    assert list(empty.value.message_dict) == ["reason"]

    award_revoke(award=award, reason="Iemand anders zat er.", by=by)

    certificate = Certificate.objects.get()
    assert (certificate.status, certificate.revoked_reason) == ("revoked", "Iemand anders zat er.")
    assert Award.objects.valid_on(dt.date(2026, 11, 23)).count() == 0
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.verb, entry.about) == (by, "certificate.revoked", person)
    assert told == [[person.pk]]
    assert OutboxMessage.objects.get(kind="certificate-revoked").text.count("Iemand anders zat er.") == 1
    with pytest.raises(ValidationError):
        award_revoke(award=award, reason="Nog eens", by=by)
    assert programme_judge(person=person) == []


def test_revoked_and_earned_again_on_one_day():
    scene.basic()
    person = scene.finisher()
    [award] = programme_judge(person=person)
    award_revoke(award=award, reason="Verkeerde training.", by=PersonFactory())
    with time_machine.travel(NOW + dt.timedelta(hours=3), tick=False):
        scene.held(person)
        [again] = programme_judge(person=person)
    assert again.valid_from == award.valid_from
    assert Award.objects.valid_on(dt.date(2026, 11, 23)).get() == again


def test_numbers_do_not_tell_the_order_and_none_is_given_twice(monkeypatch):
    scene.basic()
    people_judge(person_ids=[scene.finisher(f"Naam {number}").pk for number in range(4)])
    given = list(Certificate.objects.order_by("pk").values_list("number", flat=True))
    steps = [int(after[-6:]) - int(before[-6:]) for before, after in itertools.pairwise(given)]
    assert steps != [1, 1, 1]
    for left, certificate in enumerate(Certificate.objects.all()):
        Certificate.objects.filter(pk=certificate.pk).update(number=f"GK-2026-{left:06d}")
    monkeypatch.setattr(numbers, "A_YEAR", 6)
    assert sorted(numbers_take(year=2026, count=2)) == ["GK-2026-000004", "GK-2026-000005"]


def test_reissue_corrects_the_name_and_leaves_the_award(told):
    scene.basic()
    person, by = scene.finisher(), PersonFactory()
    [award] = programme_judge(person=person)
    told.clear()
    old = Certificate.objects.get()
    new = certificate_reissue(certificate=old, holder_name="  Sevgi   de Vries ", by=by)

    assert new.number != old.number
    assert (new.holder_name, new.snapshot, new.award) == (
        "Sevgi de Vries",
        old.snapshot,
        award,
    )
    assert new.code != old.code
    assert Certificate.objects.get(pk=old.pk).replaced_by == new
    assert list(Certificate.objects.current()) == [new]
    assert (Award.objects.count(), told) == (1, [])
    assert AuditEntry.objects.get().verb == "certificate.reissued"
    assert OutboxMessage.objects.filter(kind="certificate-reissued").count() == 1
    with pytest.raises(ValidationError):
        certificate_reissue(certificate=old, holder_name="Nog anders", by=by)
    with pytest.raises(ValidationError) as same:
        certificate_reissue(certificate=new, holder_name="Sevgi de Vries", by=by)
    assert list(same.value.message_dict) == ["holder_name"]
    with pytest.raises(ValidationError) as empty:
        certificate_reissue(certificate=new, holder_name=" ", by=by)
    assert list(empty.value.message_dict) == ["holder_name"]


def test_who_has_no_name_and_no_address_gets_the_name_on_the_list_and_no_mail():
    scene.basic()
    person = scene.finisher(name="", email=None)
    person.memberships.update(name="Ö. Çelik")
    programme_judge(person=person)
    assert Certificate.objects.get().holder_name == "Ö. Çelik"
    assert OutboxMessage.objects.count() == 0


def test_who_works_nowhere_any_more_gets_a_certificate_without_organisation():
    scene.basic()
    person = scene.finisher()
    person.memberships.update(until=dt.date(2026, 11, 23))
    programme_judge(person=person)
    assert (Certificate.objects.get().organisation_names, AwardMembership.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ((2026, 11, 23), 36, (2029, 11, 23)),
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2028, 2, 29), 12, (2029, 2, 28)),
        ((2026, 12, 5), 1, (2027, 1, 5)),
    ],
)
def test_months_later(start, months, end):
    assert months_later(dt.date(*start), months) == dt.date(*end)


@pytest.mark.parametrize("finishers", [1, 3])
def test_judging_people_who_are_not_ready_costs_the_same_queries_each(finishers, django_assert_num_queries):
    scene.basic()
    people = [scene.learner() for _ in range(finishers)]
    with django_assert_num_queries(5 + 5 * finishers):
        people_judge(person_ids=[person.pk for person in people])


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
@needs_several_writers
def test_two_transactions_that_complete_it_at_once_give_one_award():
    scene.basic()
    person = scene.finisher()

    def judge():
        with transaction.atomic():
            people_judge(person_ids=[person.pk])

    assert at_once(judge, judge) == [DONE, DONE]
    assert (Award.objects.count(), Certificate.objects.count(), OutboxMessage.objects.count()) == (1, 1, 1)
