"""The school: its students, rooms, calendar, day shapes and timetable."""
