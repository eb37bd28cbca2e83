// Reads an iCalendar object from stdin and prints as JSON what ical.js makes of it.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
const zone = new ICAL.Timezone(calendar.getFirstSubcomponent("vtimezone"));
const vevents = calendar.getAllSubcomponents("vevent");
const [vevent] = vevents;
const event = new ICAL.Event(vevent);

function moment(time) {
  if (time.zone.tzid === zone.tzid) time.zone = zone;
  return new Date(time.toUnixTime() * 1000).toISOString();
}

function address(name) {
  const property = vevent.getFirstProperty(name);
  return property && { value: property.getFirstValue(), cn: property.getParameter("cn") };
}

console.log(
  JSON.stringify({
    method: calendar.getFirstPropertyValue("method"),
    events: vevents.length,
    uid: event.uid,
    sequence: event.sequence,
    status: vevent.getFirstPropertyValue("status"),
    start: moment(event.startDate),
    starts: vevents.map((one) => moment(new ICAL.Event(one).startDate)),
    end: moment(event.endDate),
    summary: event.summary,
    location: event.location,
    description: event.description,
    attendees: vevent.getAllProperties("attendee").length,
    attendee: address("attendee"),
    organizer: address("organizer"),
  }),
);
