"""The morning of Monday 23 November 2026 in the two rooms, act by act, as the assistants typed it until 11:43."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from school import Student, label

# Time | who typed | act | form and surname (several with commas) | room | detail. TEACHER: who teaches 8x in P2.
# Of work, the room's place has the day where it is not this one, and the detail begins with the period.
ACTS = """\
08:20|AS1|duty||IER|on
08:22|AS2|duty||PSC|on
08:24|CO1|ask|9B Okafor||P1 P2 P3 P4 P5
08:24|CO1|ask|10F Reid||P1 P2 P3 P4 P5
08:25|CO1|ask|11A Hussain||P1 P2 P3 P4 P5
08:25|CO1|ask|9D Novak||P1 P2 P3 P4
08:25|CO1|ask|8A Khan||P1 P2 P3 P4
08:26|CO1|ask|9B Osei||P1 P2
08:26|CO1|ask|9A D'Souza||P1 P2 P3 P4
08:26|CO1|ask|11B Ní Bhriain||P1 P2 P3 P4 P5
08:27|CO1|ask|8F Baker-Lloyd||P1 P2
08:27|CO1|ask|10C Nuñez||P3 P4 P5
08:27|CO1|ask|7C Wójcik||P4
08:28|CO1|ask|8B Ali||P4
08:30|AS1|receive|9B Okafor||P1|link|https://vle.riverside.example/co9/flowcharts|Flow charts, tasks 1 to 4||45||Laptop|
08:30|AS1|receive|10F Reid||P1|paper|IER tray|Inspector Calls, act 1|pages 12 to 19|50|Text in large print||English office
08:31|AS1|receive|11A Hussain||P1|link|https://vle.riverside.example/en11/poetry|Compare two war poems|Anthology 8 to 11|50|||
08:31|AS1|receive|9D Novak||P1|file|novak_rhythm.pdf|Rhythm grids||40|||Music, M Block
08:32|AS1|receive|9B Osei||P1|link|https://vle.riverside.example/co9/flowcharts|Flow charts, tasks 1 to 4||45||Laptop|
08:32|AS1|receive|9B Osei||P2|paper|IER tray|Of Mice and Men, chapter 3|pages 38 to 52|45|||English office
08:33|AS1|receive|9B Okafor||P2|paper|IER tray|Of Mice and Men, chapter 3|pages 38 to 52|45|||English office
08:33|AS2|receive|9A D'Souza||P1|link|https://vle.riverside.example/co9/flowcharts|Flow charts, tasks 1 and 2||30|Half the tasks|Laptop|
08:34|AS2|receive|11B Ní Bhriain||P1|link|https://vle.riverside.example/en11/poetry|Compare two war poems|Anthology 8 to 11|50|||
08:34|AS2|receive|8F Baker-Lloyd||P1|paper|PSC tray|Cells, worksheet 2||40||Ruler|S4
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
08:46|AS2|issue|8F Baker-Lloyd||P1
08:46|AS2|issue|9A D'Souza||P1
08:47|AS1|sign_in|9D Novak|IER|5
08:47|AS2|issue|11B Ní Bhriain||P1
08:48|AS1|issue|9B Okafor||P1
08:48|AS1|issue|10F Reid||P1
08:48|AS1|issue|11A Hussain||P1
08:49|AS1|issue|9D Novak||P1
08:49|AS1|issue|9B Osei||P1
08:58|CO1|keep_apart|10F Reid, 10B Taylor||Fought on Thursday 19 November
08:58|CO1|event|11A Hussain||music|13:00|13:30|Trumpet
09:04|AS1|receive|11A Hussain||P2|paper|IER tray|Still life, second drawing|Sketchbook|50||Pencils|Art room
09:05|AS1|receive|9D Novak||P2|link|https://vle.riverside.example/sc9/forces|Forces quiz and notes||40|||
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
09:33|AS1|return|9B Okafor||P1|100|4|
09:34|AS1|return|10F Reid||P1|60|2|Stopped at page 16
09:34|AS1|return|11A Hussain||P1|90|3|
09:34|AS1|return|9D Novak||P1|80|3|
09:35|AS1|return|9B Osei||P1|100|4|Asked for the next unit
09:35|AS2|return|9A D'Souza||P1|100|3|
09:35|AS2|return|11B Ní Bhriain||P1|70|3|
09:36|AS2|return|8F Baker-Lloyd||P1|100|4|
09:37|AS1|issue|9B Okafor||P2
09:37|AS1|issue|11A Hussain||P2
09:37|AS1|issue|9D Novak||P2
09:37|AS1|issue|9B Osei||P2
09:40|CO1|ask|10F Reid||P4
09:40|CO1|ask|9D Novak||P4
09:41|CO1|ask|8A Khan||P4
09:41|AS1|receive|10F Reid||P2|link|https://vle.riverside.example/ma10/quadratics|Quadratics, set B||40|Worked example first|Calculator|
09:42|AS1|issue|10F Reid||P2
09:43|AS2|receive|8F Baker-Lloyd||P2|link|https://vle.riverside.example/co8/networks|Networks, pages 2 and 3||40||Laptop|
09:43|AS2|receive|9A D'Souza||P2|paper|PSC tray|Letter to the head, draft||45|Writing frame||English office
09:44|AS2|issue|8F Baker-Lloyd||P2
09:44|AS2|issue|9A D'Souza||P2
09:45|AS2|pack|11B Ní Bhriain||P2|AR-11-01
09:45|AS2|issue|11B Ní Bhriain||P2
09:47|AS1|removal|8C Marsh|IER|removal|Removed from lesson|TEACHER|P3|3
09:50|AS1|pack|8C Marsh||P2|FR-8-01
09:51|AS1|issue|8C Marsh||P2
09:52|AS1|home|8C Marsh|IER|father|phone|no answer
09:53|AS1|ask|8C Marsh||P3
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
10:19|AS1|return|9B Okafor||P2|90|3|
10:19|AS1|return|11A Hussain||P2|100|4|
10:19|AS1|return|9D Novak||P2|70|3|Has not met the unit before
10:20|AS1|return|9B Osei||P2|100|4|
10:20|AS1|return|8C Marsh||P2|50|2|
10:20|AS2|return|8F Baker-Lloyd||P2|80|3|
10:21|AS2|return|9A D'Souza||P2|100|4|
10:21|AS2|return|11B Ní Bhriain||P2|60|2|
10:22|CO1|receive|8C Marsh||P3|link|https://vle.riverside.example/en8/reports|Newspaper report||40|||
10:24|CO1|receive|9B Okafor||P3|paper|IER tray|Ethics: two views|pages 4 to 7|40|||RE, H2
10:25|CO1|receive|11A Hussain||P3|link|https://vle.riverside.example/fr11/voyages|Reading paper 2||45|||
10:26|CO1|receive|10F Reid||P3|paper|IER tray|Bonding, questions 1 to 9|pages 61 to 63|45|||S4
10:27|CO1|receive|9D Novak||P3|file|chapter_questions.docx|Questions on chapter 5|pages 71 to 83|45|||
10:28|CO1|receive|9A D'Souza||P3|paper|PSC tray|Ethics: two views|pages 4 to 7|40|||RE, H2
10:29|AS1|issue|9B Okafor||P3
10:29|AS1|issue|11A Hussain||P3
10:29|AS1|issue|10F Reid||P3
10:29|AS1|issue|9D Novak||P3
10:30|AS1|issue|8C Marsh||P3
10:31|AS2|sign_in|7C Wójcik|PSC|4
10:32|AS2|sign_in|10C Nuñez|PSC|5
10:33|AS2|issue|9A D'Souza||P3
10:33|AS2|pack|7C Wójcik||P3|PE-00-01
10:34|AS2|issue|7C Wójcik||P3
10:34|AS2|receive|10C Nuñez||P3|link|https://vle.riverside.example/sc10/bonding|Bonding, questions 1 to 5||40|Fewer questions||
10:35|AS2|issue|10C Nuñez||P3
10:35|AS2|receive|11B Ní Bhriain||P3|link|https://vle.riverside.example/fr11/voyages|Reading paper 2||45|||
10:36|AS2|issue|11B Ní Bhriain||P3
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
11:22|AS1|return|9B Okafor||P3|100|4|
11:22|AS1|return|11A Hussain||P3|90|4|
11:23|AS2|check|9A D'Souza|PSC|P3=4
11:23|AS2|check|11B Ní Bhriain|PSC|P3=3
11:23|AS2|check|7C Wójcik|PSC|P3=4
11:24|AS2|check|10C Nuñez|PSC|P3=3
11:24|AS2|return|9A D'Souza||P3|100|4|
11:24|AS2|return|7C Wójcik||P3|100|4|
11:24|AS1|receive|11A Hussain||P4|link|https://vle.riverside.example/gg11/rivers|Case study: the Severn||50||Atlas|
11:24|AS1|receive|9B Okafor||P4|link|https://vle.riverside.example/sc9/energy|Energy transfers||40|||
11:25|AS1|issue|11A Hussain||P4
11:25|AS1|issue|9B Okafor||P4
11:25|AS2|out|11B Ní Bhriain|PSC|meeting
11:25|AS2|receive|8B Ali||P4|paper|PSC tray|Acids and alkalis||40|||S3
11:26|AS2|issue|8B Ali||P4
11:26|AS2|receive|7C Wójcik||P4|link|https://vle.riverside.example/en7/myths|Write a myth||40|Word bank||
11:26|CO1|pack|9D Novak||P4|MA-9-01
11:27|CO1|keep_apart|7E Ward, 7F Çelik||Named each other in a bullying report
11:29|CO1|receive|8A Khan||P5|paper|IER tray|The Tudors, timeline|pages 30 to 33|40|||H4
11:30|CO1|feedback|9B Osei||P1 P2
11:31|AS1|out|11A Hussain|IER|toilet
11:32|CO1|receive|10F Reid|Tue|P1|link|https://vle.riverside.example/re10/justice|Justice: three sources||45|||
11:33|CO1|ask|10F Reid|Tue|P2 P3 P5
11:33|CO1|ask|9B Okafor|Tue|P1 P2 P4 P5 P6
11:34|CO1|receive|9B Okafor|Tue|P2|paper|IER tray|Trenches, letters home|pages 52 to 55|40|||H4
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


# The pack bank: code | subject | year | unit | where it is kept.
PACKS = """\
EN-7-01|English|7|Myths and legends|Drawer 1
EN-9-01|English|9|Reading for meaning|Drawer 1
EN-11-01|English|11|Poetry, unseen|Drawer 1
MA-8-01|Maths|8|Ratio|Drawer 2
MA-9-01|Maths|9|Linear graphs|Drawer 2
MA-11-01|Maths|11|Trigonometry|Drawer 2
SC-8-01|Science|8|Acids and alkalis|Drawer 3
SC-10-01|Science|10|Atomic structure|Drawer 3
FR-8-01|French|8|Town and country|Drawer 4
AR-11-01|Art|11|Colour and mood|Drawer 4
HI-9-01|History|9|The Western Front|https://vle.riverside.example/packs/hi-9-01
GG-00-01|Geography||Map skills|Drawer 5
PE-00-01|PE||Fair play in sport|Drawer 5
ST-00-01|Study||How to revise|Drawer 6
"""


# Referrals: when | who typed | act | form and surname | type | reason | for when | lesson: period, subject, teacher,
# place | what happened | tried | others | adjustment. Of a decision and of a call home the type says which.
REFERRALS = """\
2026-11-19 14:05|HY10|refer|10F Norris|internal_exclusion|Defiance|Thu|P4|History|HB|H1|\
Refused to work and to move seats; called the task pointless to the whole class and walked about. Sent out at 11:55.|\
Moved seat on 9 and 12 November, two detentions, a call home by the form tutor.|Class 10y|
2026-11-20 08:35|CO1|home|10F Norris|mother|phone|told|||||||
2026-11-20 12:40|CO1|approve|10F Norris|||||||||||
2026-11-20 14:20|AS1|refer|9D Qureshi|internal_exclusion|Persistent disruption|2 days from Wednesday|P5|Spanish|MR|L2|\
Shouted across the room in every task, three warnings, then threw a pen case. Nobody was hurt.|\
Report card to the head of year for two weeks, seat at the front.|Two students who shouted back, seen by Mr Ríos|
2026-11-23 10:05|SG1|refer|8D Yılmaz|phased_return|Anxious about lessons|Thu P2-P4, Fri P2-P4|||||\
Came back on Thursday after eight days away; asked not to go into full classes before the plan is made.|\
Met at the gate each morning, a pass out of lessons.||Half days, work in steps, a quiet place at break
"""


def referral_rows(students: Sequence[Student]) -> Iterator[tuple[str, ...]]:
    """Yield the referrals and what was decided of them, with admission numbers for names."""
    by_name = {label(student): student.adno for student in reversed(students)}
    for line in REFERRALS.splitlines():
        at, staff, act, name, *more = line.split("|")
        day, time = at.split()
        yield day, time, staff, act, by_name[name], *more


def pack_rows() -> Iterator[tuple[str, ...]]:
    """Yield the packs: subject, year (empty for any), unit, code, where it is kept."""
    for line in PACKS.splitlines():
        code, subject, year, unit, kept = line.split("|")
        yield subject, year, unit, code, kept


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
