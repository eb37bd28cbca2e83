import datetime as dt

import pytest
import time_machine

from certificates.actions.awards import people_judge
from certificates.actions.programmes import programme_ensure_basic
from certificates.models import Award, Certificate
from courses.models import Course
from parties.signals import people_merging, person_erasing
from tests.certificates import scene
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def awarded_on(days):
    with time_machine.travel(NOW - dt.timedelta(days=days), tick=False):
        person = scene.finisher()
        people_judge(person_ids=[person.pk])
    return Certificate.objects.get(award__person=person)


def merge(kept, merged):
    people_merging.send(sender=type(kept), kept=kept, merged=merged)


@pytest.mark.parametrize("earlier_is_kept", [True, False])
def test_of_two_awards_for_one_period_the_earlier_stays_and_both_codes_lead_to_it(earlier_is_kept):
    scene.basic()
    earlier, later = awarded_on(10), awarded_on(5)
    kept, merged = earlier.award.person, later.award.person
    if not earlier_is_kept:
        kept, merged = merged, kept
    merge(kept, merged)
    award = Award.objects.get()
    assert (award.person, award.valid_from) == (kept, dt.date(2026, 11, 13))
    assert list(Certificate.objects.current()) == [earlier]
    assert Certificate.objects.get(pk=later.pk).replaced_by == earlier


def test_awards_for_other_periods_move_as_they_are():
    scene.basic(validity_months=12)
    first, second = awarded_on(500), awarded_on(5)
    merge(second.award.person, first.award.person)
    assert list(Award.objects.order_by("valid_from").values_list("person", "pk")) == [
        (second.award.person_id, first.award_id),
        (second.award.person_id, second.award_id),
    ]
    assert Certificate.objects.current().count() == 2


def test_what_two_records_did_together_is_judged_when_all_has_moved(django_capture_on_commit_callbacks):
    scene.basic()
    kept, merged = scene.learner(), scene.learner()
    scene.finish(kept, scene.modules())
    scene.held(merged)
    assert people_judge(person_ids=[kept.pk, merged.pk]) == []
    with django_capture_on_commit_callbacks(execute=True):
        merge(kept, merged)
    assert list(Award.objects.values_list("person", flat=True)) == [kept.pk]


def test_erasing_takes_awards_and_certificates_of_that_person_alone():
    from certificates.actions.awards import certificate_reissue

    scene.basic()
    gone, stays = awarded_on(2), awarded_on(1)
    certificate_reissue(certificate=gone, holder_name="Anders", by=PersonFactory())
    person_erasing.send(sender=type(gone.award.person), person=gone.award.person)
    assert list(Certificate.objects.all()) == [stays]
    assert list(Award.objects.all()) == [stays.award]


def test_the_basic_programme_is_made_once_and_left_as_people_changed_it():
    with pytest.raises(ValueError, match="Load them first"):
        programme_ensure_basic()
    scene.modules()
    programme = programme_ensure_basic()
    assert (programme.slug, programme.joint_trainings, programme.validity_months, programme.counts_as_trained) == (
        "gelijke-stagekansen",
        1,
        36,
        True,
    )
    assert list(programme.courses.values_list("slug", flat=True)) == ["herkennen", "erkennen", "tegengaan"]
    programme.courses.remove(Course.objects.get(slug="erkennen"))
    assert programme_ensure_basic().courses.count() == 2
