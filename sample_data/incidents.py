"""What was written down of incidents, as the staff wrote it and when: told in lines, names found by the maker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from school import Student, label

HEADER = "Day,Time,Staff,Act,About,Student,Detail,Text"

# When | who | act | which incident or investigation | form and surname | detail | text.
# incident: students with their part; category; severity; place; period; flags; when it happened; adults likewise.
#   Its text: behaviour / antecedent / consequence / de-escalation.
# A day may stand before a time where it was not the same one.
LINES = """\
2026-11-12 11:22|HY11|incident|bus|11A Hussain=involved, 11B Ní Bhriain=target|Bullying;2;Bus bay;;;2026-11-11 15:08;HB=witness|Called her names in the queue and in a message she showed Mrs Beckwith / A falling out over a group project / Spoken to apart, both calm; seen by the head of year next day
2026-11-12 14:05|HY11|told|bus|11B Ní Bhriain|mother, phone, told|She had seen the message and is glad we know
2026-11-12 14:20|HY11|action|bus|11A Hussain|HY11, 2026-11-19|Meet both with the tutor before the next project lesson
2026-11-18 15:40|HY11|action_end|bus||done|Met on Wednesday with Ms Ivory; they asked to work in separate groups
2026-11-18 15:45|HY11|close|bus|||Apology written and read; parents content; watched until Christmas
2026-11-19 12:52|AS2|incident|stairs|10F Reid=involved, 10B Taylor=involved, 10C Nuñez=witness|Fighting;4;Main stairs, first landing;P4;force, injury;2026-11-19 12:31;AS2=involved, KB=witness|Reid and Taylor pushed, then punched each other. Taylor fell against the rail and cut his lip. I held Reid's right arm and walked him down to the office / Words about a football match, shouted from the landing above / Both seen by first aid; Reid in the Pastoral Support Centre until the bell, Taylor with Mrs Kearney / Called both by name twice, told the others to go on, stood between them
2026-11-19 12:58|AS2|lead|stairs||Mrs Rowe|
2026-11-19 13:12|AS2|restrictive|stairs|10F Reid|restraint;12:33;12:35;Main stairs, first landing;not known;AS2=held his right arm and guided him down the stairs, KB=stood behind, sent the others on|A fight that did not stop when both were called by name / Two warnings, stood between them, offered the office / He said he would walk by himself; let go at the foot of the stairs / A red mark on his right wrist, seen by first aid at 12:50 / Said he was held harder than needed
2026-11-19 13:40|HY10|told|stairs|10B Taylor|mother, phone, told|Collects him at 15:10 and will look at the lip
2026-11-19 13:55|HY10|restrictive_told|stairs|10F Reid|mother, phone, told|Asked how long he was held; told two minutes
2026-11-19 14:02|HY10|told|stairs|10F Reid|mother, phone, told|Told of the fight and of what follows
2026-11-19 14:10|HY10|statement|stairs|10F Reid|involved;13:58;14:09;Mrs Kearney's office;read back;Mr Whitlock|He shouted something about my brother from up there. I went up. I do not know who pushed first. / Then a man had my arm. I said I would walk and he let go at the bottom.
2026-11-19 14:31|HY10|statement|stairs|10B Taylor|involved;14:18;14:30;Mrs Kearney's office;read back, scribed;Ms Bose|I only said they lost. He came up the stairs and pushed me into the rail. I hit him back.
2026-11-19 15:02|BL1|investigation|stairs|||Fight on the main stairs, 19 November / Who began it, and whether the hold was needed and in proportion
2026-11-19 15:06|BL1|evidence|stairs||CCTV;Site office, camera 4;2026-12-03|Main stairs 12:28 to 12:36, first landing and foot
2026-11-19 15:10|BL1|event|stairs||2026-11-19 12:30, camera 4|Reid goes up against the stream; Taylor alone on the landing
2026-11-20 08:55|HY10|statement|stairs|KB|witness;08:46;08:54;Room E4;;|I came out at the noise. Mr Whitlock had the one boy by the arm, not hard as far as I saw, and talked to him all the way down.
2026-11-20 09:20|BL1|conflict|stairs|10F Reid|10B Taylor|Each says the other pushed first; camera 4 has Reid moving first
2026-11-20 09:30|BL1|review|stairs|10F Reid||Two minutes, one arm, to end a fight on stairs: needed and in proportion. He is to be asked again how it was for him
2026-11-20 10:05|HY10|action|stairs|10F Reid|HY10, 2026-11-27|Restorative meeting with Taylor and both tutors
2026-11-20 10:06|HY10|action|stairs|10B Taylor|AS2, 2026-11-20|Ask first aid for the accident form
2026-11-20 14:48|AS1|incident|window|9D Novak=involved|Damage to property;2;Internal Exclusion Room, seat 5;P5;damage;2026-11-20 14:20;AS1=witness|Threw a ruler, which cracked the small pane by the door / Had been told the lunch pass was used up / Paid for with an hour of tidying, agreed / Offered a walk, which she took after
2026-11-20 15:05|CO1|told|window|9D Novak|mother, phone, message left|Asked to ring back
2026-11-16 15:20|CO1|note||9B Okafor|pastoral, room|Quieter than usual since Friday. Asked; says all is well at home. Likes to sit by the window
2026-11-17 13:15|AS2|note||11B Ní Bhriain|medication given, room|Own inhaler, two puffs, 13:10, as on her plan
2026-11-18 09:10|HY8|note||8A Khan|contact with home, year team|Father rang: new shifts, mornings are hard for the next two weeks. A late mark now and then is not to be chased by phone
2026-11-18 14:40|AS2|note||9A D'Souza|listening support, year team|Forty minutes. Talked about coming back full time after Christmas: wants to, worries about PE
2026-11-19 10:30|SG1|restricted_note||8F Baker-Lloyd|pastoral|Spoken with today; recorded in the safeguarding file. Anything said to you goes to me the same hour
2026-11-19 16:05|HY10|note||10C Nuñez|home visit, year team|Mother and aunt at home. Shown the break card; they will use the same words in the evening
2026-11-20 11:50|AS1|note||9B Osei|reward, room|Whole week without a check below 3. Told him so, and his tutor
2026-11-20 13:30|CO1|action||9B Okafor|HY9, 2026-11-23|Five minutes with her before registration
2026-11-23 09:58|AS1|incident|shout|8C Marsh=involved|Verbal abuse of adult;2;Internal Exclusion Room;P2;;2026-11-23 09:54;AS1=involved|Shouted at me when asked to sit, twice, then sat / Sent out of her lesson ten minutes before / Wrote down what happened in the lesson, calm by 10:05 / Gave her a minute at the door
2026-11-23 10:40|HY8|action|shout|8C Marsh|HY8, 2026-11-24|Hear her side of the lesson before she goes back to it
2026-11-23 11:20|AS2|note||11B Ní Bhriain|pastoral, room|Headache after the nurse; water, dim light, carried on with her reading
"""  # noqa: E501


def incident_rows(students: Sequence[Student]) -> Iterator[tuple[str, ...]]:
    """Yield the acts in order of their times, with admission numbers for names."""
    by_name = {label(student): student.adno for student in reversed(students)}
    for line in sorted(LINES.splitlines()):
        when, staff, act, about, who, detail, text = line.split("|")
        names = [part.rpartition("=") if "=" in part else (part, "", "") for part in who.split(", ")]
        detail = by_name.get(detail, detail)
        told = [f"{by_name.get(name, name)}{sign}{role}" for name, sign, role in names]
        yield *when.split(), staff, act, about, " ".join(told), detail, text
