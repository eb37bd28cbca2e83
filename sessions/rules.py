"""Who may do what with a training. Lists use ``Training.objects.visible_to`` and ``given_by``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules

from parties.rules import is_administrator, is_trainer

if TYPE_CHECKING:
    from parties.models import Person
    from sessions.models import Training


@rules.predicate
def is_assigned(person: Person, training: Training) -> bool:
    return training.is_given_by(person)


@rules.predicate
def has_seat(person: Person, training: Training) -> bool:
    return training.registrations.confirmed().filter(person=person).exists()


gives_training = is_trainer & is_assigned
sees_messages = gives_training | is_administrator
may_have_materials = gives_training | has_seat
