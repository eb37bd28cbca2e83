"""Run by Debian's own Python, which has vobject: reads an iCalendar object from stdin and prints what it makes of it."""

import datetime
import json
import sys

import vobject

[calendar] = vobject.readComponents(sys.stdin.buffer.read().decode())


def moment(value: datetime.datetime) -> str:
    return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")  # noqa: UP017 - an older Python


events = [
    {
        "uid": event.uid.value,
        "sequence": int(event.sequence.value),
        "status": event.status.value,
        "start": moment(event.dtstart.value),
        "end": moment(event.dtend.value),
        "summary": event.summary.value,
        "attendees": len(event.contents.get("attendee", [])),
    }
    for event in calendar.vevent_list
]
method = calendar.contents.get("method")
print(json.dumps({"method": method[0].value if method else None, "events": events}))  # noqa: T201 - its answer
