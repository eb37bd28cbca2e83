"""What the ledger counts.

Stock is a state on a day: who is trained. Flow is what happened on a day: a certificate, a training that was attended.
Over each scope a person counts once; for flow, once for each certificate, training or meeting of intervision. A network
event counts once for each party that somebody came for, and once for the network.
"""

import datetime as dt
from typing import NamedTuple

TRAINED = "trained"
ORGANISATIONS_REACHED = "organisations_reached"
CERTIFICATES = "certificates"
PARTICIPANTS = "participants"
JOINTLY_TRAINED = "jointly_trained"
INTERVISION = "intervision"
NET_MINUTES = "net_minutes"
EVENTS = "events"

#: All of them, in the order in which they are shown.
METRICS = (
    TRAINED,
    ORGANISATIONS_REACHED,
    CERTIFICATES,
    PARTICIPANTS,
    JOINTLY_TRAINED,
    INTERVISION,
    NET_MINUTES,
    EVENTS,
)
STOCK = frozenset([TRAINED, ORGANISATIONS_REACHED])

ORGANISATION, PARTY, NETWORK = "organisation", "party", "network"

#: ``scope_id`` of the network.
EVERYBODY = 0


class Row(NamedTuple):
    """A row of the ledger without its subject: ``scope_id`` is the key of the organisation or party, 0 for the network."""

    scope: str
    scope_id: int
    metric: str
    date: dt.date
    delta: int
    cause: str = ""
