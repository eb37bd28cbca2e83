"""Dutch dates and times as the screen shows them: 14 januari 2027, 13.00 uur."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H.i"
DATETIME_FORMAT = r"j F Y, H.i \u\u\r"
MONTH_DAY_FORMAT = "j F"
SHORT_DATE_FORMAT = "j M Y"
