"""Who may do what with a training or an event. Lists use ``visible_to``, ``given_by`` and ``run_by`` of their querysets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rules

from parties.rules import is_administrator, is_network, is_trainer, roles_of

if TYPE_CHECKING:
    from parties.models import Party, Person
    from sessions.models import NetworkEvent, Training


@rules.predicate
def is_assigned(person: Person, training: Training) -> bool:
    return training.is_given_by(person)


@rules.predicate
def has_seat(person: Person, training: Training) -> bool:
    return training.registrations.confirmed().filter(person=person).exists()


gives_training = is_trainer & is_assigned
sees_messages = gives_training | is_administrator
may_have_materials = gives_training | has_seat


@rules.predicate
def is_of_host(person: Person, event: NetworkEvent) -> bool:
    return any(party.pk == event.host_id for party in roles_of(person).coordinator_of)


@rules.predicate
def is_coordinator(person: Person) -> bool:
    return bool(roles_of(person).coordinator_of)


@rules.predicate
def comes_to(person: Person, event: NetworkEvent) -> bool:
    return event.registrations.confirmed().filter(person=person).exists()


runs_event = is_network | is_of_host
#: Who runs it sees everybody on the list, the coordinator of a party who comes for that party.
sees_list_of_event = runs_event | is_coordinator
may_have_event_materials = runs_event | comes_to
may_plan_events = is_network | is_coordinator


def may_host(person: Person, party: Party) -> bool:
    """Whether this person may plan an event of which ``party`` is the host."""
    return is_network(person) or any(one.pk == party.pk for one in roles_of(person).coordinator_of)
