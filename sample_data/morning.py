"""The morning of Monday 23 November 2026 in the two rooms, act by act, as the assistants typed it until 11:43."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from school import Student, label

# Time | who typed | act | form and surname (several with commas) | room | detail. TEACHER: who teaches 8x in P2.
ACTS = """\
08:20|AS1|duty||IER|on
08:22|AS2|duty||PSC|on
08:36|AS2|sign_in|9A D'Souza|PSC|1
08:39|AS1|sign_in|10F Reid|IER|2
08:40|AS1|phone|10F Reid|IER|
08:41|AS1|sign_in|9B Okafor|IER|1
08:41|AS1|lunch|9B Okafor|IER|hot
08:41|AS1|lunch|10F Reid|IER|packed by the kitchen
08:42|AS2|sign_in|11B Ní Bhriain|PSC|2
08:43|AS1|sign_in|9B Osei|IER|6
08:44|AS1|sign_in|11A Hussain|IER|4
08:44|AS2|sign_in|8F Baker-Lloyd|PSC|3
08:45|AS1|phone|11A Hussain|IER|
08:47|AS1|sign_in|9D Novak|IER|5
08:58|CO1|keep_apart|10F Reid, 10B Taylor||Fought on Thursday 19 November
08:58|CO1|event|11A Hussain||music|13:00|13:30|Trumpet
09:06|AS2|out|11B Ní Bhriain|PSC|nurse
09:11|AS1|out|11A Hussain|IER|toilet
09:16|AS1|back|11A Hussain|IER|
09:19|AS2|back|11B Ní Bhriain|PSC|
09:31|AS1|check|9B Okafor|IER|P1=4
09:31|AS1|check|10F Reid|IER|P1=2
09:31|AS1|check|11A Hussain|IER|P1=4
09:32|AS1|check|9D Novak|IER|P1=3
09:32|AS1|check|9B Osei|IER|P1=4
09:33|AS2|check|9A D'Souza|PSC|P1=3
09:33|AS2|check|11B Ní Bhriain|PSC|P1=3
09:33|AS2|check|8F Baker-Lloyd|PSC|P1=4
09:47|AS1|removal|8C Marsh|IER|removal|Removed from lesson|TEACHER|P3|3
09:52|AS1|home|8C Marsh|IER|father|phone|no answer
09:55|AS1|out|9D Novak|IER|toilet
10:01|AS1|back|9D Novak|IER|
10:15|AS1|check|9B Osei|IER|P2=4
10:15|AS1|sign_out|9B Osei|IER|lesson
10:15|AS2|check|8F Baker-Lloyd|PSC|P2=3
10:16|AS2|sign_out|8F Baker-Lloyd|PSC|lesson
10:16|AS1|check|9B Okafor|IER|P2=3
10:16|AS1|check|10F Reid|IER|P2=1
10:17|AS1|check|8C Marsh|IER|P2=3
10:17|AS1|check|11A Hussain|IER|P2=4
10:17|AS1|check|9D Novak|IER|P2=3
10:18|AS2|check|9A D'Souza|PSC|P2=4
10:18|AS2|check|11B Ní Bhriain|PSC|P2=2
10:31|AS2|sign_in|7C Wójcik|PSC|4
10:32|AS2|sign_in|10C Nuñez|PSC|5
10:40|AS1|out|9B Okafor|IER|toilet
10:44|AS1|back|9B Okafor|IER|
10:52|AS1|out|10F Reid|IER|nurse
10:58|AS1|back|10F Reid|IER|
11:04|AS2|out|9A D'Souza|PSC|parent
11:14|AS2|back|9A D'Souza|PSC|
11:20|AS1|check|9D Novak|IER|P3=2
11:20|AS1|check|9B Okafor|IER|P3=4
11:20|AS1|check|10F Reid|IER|P3=3
11:21|AS1|check|8C Marsh|IER|P3=2
11:21|AS1|check|11A Hussain|IER|P3=4
11:21|AS2|sign_in|8B Ali|PSC|3
11:22|AS1|out|9D Novak|IER|meeting
11:23|AS2|check|9A D'Souza|PSC|P3=4
11:23|AS2|check|11B Ní Bhriain|PSC|P3=3
11:23|AS2|check|7C Wójcik|PSC|P3=4
11:24|AS2|check|10C Nuñez|PSC|P3=3
11:25|AS2|out|11B Ní Bhriain|PSC|meeting
11:27|CO1|keep_apart|7E Ward, 7F Çelik||Named each other in a bullying report
11:31|AS1|out|11A Hussain|IER|toilet
11:35|AS1|back|11A Hussain|IER|
11:37|AS1|out|10F Reid|IER|toilet
11:40|AS2|out|10C Nuñez|PSC|toilet
11:42|AS2|back|11B Ní Bhriain|PSC|
"""


# The week's rota: a day, who, and the day in one line, as it is typed on the screen.
ROTA = """\
Mon|AS1|0820-1030 IER, 1030-1050 break, 1050-1220 IER, 1220-1250 lunch, 1250-1510 IER
Mon|AS2|0820-1015 PSC, 1015-1035 break, 1035-1300 PSC, 1300-1330 lunch, 1330-1510 PSC
Mon|CO1|1030-1050 IER, 1220-1250 IER, 1300-1330 PSC, 1400-1430 meeting Year 9
Tue|AS1|0820-1030 IER, 1030-1050 break, 1050-1220 IER, 1220-1250 lunch, 1250-1510 IER
Tue|AS2|0820-1015 PSC, 1015-1035 break, 1035-1300 PSC, 1300-1330 lunch, 1330-1510 PSC
Wed|AS1|0820-1220 PSC, 1220-1250 lunch, 1250-1510 PSC
Wed|AS2|0820-1300 IER, 1300-1330 lunch, 1330-1510 IER
Thu|AS1|0820-1220 IER, 1220-1250 lunch, 1250-1510 IER
Thu|AS2|0820-1015 PSC, 1015-1035 break, 1035-1300 PSC
Fri|AS1|0820-1220 IER, 1220-1250 lunch, 1250-1400 IER
Fri|AS2|0820-1300 PSC, 1300-1330 lunch, 1330-1510 PSC
"""


def rota_rows() -> Iterator[tuple[str, ...]]:
    """Yield the rota: day, staff code, plan."""
    for line in ROTA.splitlines():
        yield tuple(line.split("|"))


def day_rows(students: Sequence[Student], teacher: str) -> Iterator[tuple[str, ...]]:
    """Yield the acts with admission numbers for names; the teacher is the one who sent Ellie Marsh out."""
    by_name = {label(student): student.adno for student in reversed(students)}
    for line in ACTS.splitlines():
        time, staff, act, names, room, detail = line.split("|", maxsplit=5)
        numbers = " ".join(by_name[name] for name in names.split(", ") if name)
        yield time, staff, act, numbers, room, detail.replace("TEACHER", teacher)
