"""What an assistant does besides the door, with the keyboard: seen, phones, things held, lunch, home."""

from __future__ import annotations

from psc.desk.acts import undo
from psc.flows.walk_in import walk_in
from psc.overview.care import homes_to_tell
from psc.roster.held import Holding, end_holding, held_on, hold_item
from psc.roster.home import tell_home
from psc.roster.lunch import Lunch, choose_lunch
from psc.roster.movements import OutReason, go_out, sign_in
from psc.roster.placements import PlacementType
from psc.roster.status import Status
from psc.tui import going
from psc.tui.widgets.pane import Pane
from tests.roster.homes import give_contacts
from tests.school import IER, MONDAY, PSC, School, at
from tests.tui.app import Driver, driven_school


def two_in(school: School) -> School:
    """Reid in seat 1 and Okafor in seat 2 since 08:48, Khan expected; it is 09:00."""
    for student in (1, 2, 4):
        school.book(student)
    school.clock.moment = at("08:48")
    school.desk("AS2", "other").do(sign_in(1, IER), sign_in(2, IER))
    school.clock.moment = at("09:00")
    return school


def things(school: School) -> list[str]:
    """Say what is held."""
    return [f"{one.name}: {one.words}" for one in held_on(school.file, MONDAY)]


async def leave_alone(desk: Driver, school: School) -> None:
    """Okafor goes to the nurse at 09:00: Reid is alone."""
    school.desk("AS2", "other").do(go_out(desk.row("Okafor").row.visit_id or 0, OutReason.NURSE))
    await desk.tick()


async def test_a_check_falls_due_without_a_key_and_one_key_and_a_letter_answers_it(school: School) -> None:
    two_in(school)
    async with driven_school(school) as desk:
        await leave_alone(desk, school)
        school.clock.forward(minutes=29)
        await desk.tick()
        assert "due" not in desk.text
        school.clock.forward(minutes=5)
        await desk.tick()
        assert "● in, k due 4" in desk.text
        assert "k 1 due" in desk.text.splitlines()[0]
        await desk.type("/", "reid", "enter", "k", "s")
        assert "k due" not in desk.text
        assert "Reid, Callum seen 09:34 · u undoes" in desk.says
        await desk.type("u")
        assert "● in, k due 4" in desk.text


async def test_water_and_food_go_before_the_letter(school: School) -> None:
    two_in(school)
    async with driven_school(school) as desk:
        await desk.type("/", "reid", "enter", "k", "w", "f")
        assert "seen, water and food offered:" in desk.says
        await desk.type("f", "u")
        assert [one.words for one in desk.row("Reid").row.care.welfare] == ["upset, water offered"]
        assert "upset" not in desk.text, "how a student is stands in the opened pane only"


async def test_everyone_who_is_in_is_seen_at_once_and_who_is_out_is_left_out(school: School) -> None:
    two_in(school)
    async with driven_school(school) as desk:
        await leave_alone(desk, school)
        await desk.type("*", "k", "s")
        assert len(desk.row("Reid").row.care.welfare) == 1
        assert desk.row("Okafor").row.care.welfare == ()
        await desk.type("/", "okaf", "enter", "k")
        assert "Welfare check: already out" in desk.says


async def test_a_click_on_the_count_goes_to_who_is_due_in_whichever_room(school: School) -> None:
    two_in(school)
    school.book(10, room=PSC, type=PlacementType.REGULATION)
    school.desk("AS2", "other").do(sign_in(10, PSC))
    school.clock.forward(minutes=31)
    async with driven_school(school) as desk:
        going.go_to_due(desk.today)
        await desk.pilot.pause()
        assert desk.today.state.cursor == (10, PSC)


async def test_after_signing_in_phone_and_lunch_are_one_key_each(school: School) -> None:
    two_in(school)
    async with driven_school(school) as desk:
        await desk.type("/", "khan", "enter", "i")
        assert "· u undoes · + phone in · l lunch" in desk.says
        await desk.type("+", "l", "h")
        assert things(school) == ["Khan, Bilal: phone in envelope"]
        assert desk.row("Khan").row.care.lunch == Lunch("hot")


async def test_the_same_key_twice_by_accident_does_not_hand_the_phone_back(school: School) -> None:
    two_in(school)
    async with driven_school(school) as desk:
        await desk.type("/", "reid", "enter", "+", "+", "+")
        assert things(school) == ["Reid, Callum: phone in envelope"]
        await desk.type("escape")
        school.clock.forward(minutes=5)
        await desk.tick()
        await desk.type("+")
        assert things(school) == []
        assert "phone returned 09:05" in desk.says


async def test_where_some_phones_are_held_and_some_not_the_room_is_asked(school: School) -> None:
    two_in(school)
    school.desk().do(hold_item(1, Holding.PHONE))
    async with driven_school(school) as desk:
        await desk.type("*", "+")
        assert "i in (1)" in desk.says
        assert "r returned (1)" in desk.says
        await desk.type("i")
        assert len(things(school)) == 2


async def test_leaving_asks_once_and_enter_says_returned(school: School) -> None:
    two_in(school)
    school.desk().do(hold_item(1, Holding.PHONE))
    async with driven_school(school) as desk:
        await desk.type("/", "reid", "enter", "s")
        assert "still held: phone in envelope" in desk.says
        await desk.type("l")
        assert desk.row("Reid").status is Status.LEFT
        assert "Reid, Callum left · phone in envelope:" in desk.says
        await desk.type("enter")
        assert things(school) == []


async def test_leaving_and_going_on_with_anything_else_keeps_the_phone_held(school: School) -> None:
    two_in(school)
    school.desk().do(hold_item(1, Holding.PHONE))
    async with driven_school(school) as desk:
        await desk.type("/", "reid", "enter", "s", "l", "/", "khan", "enter", "i")
        assert desk.row("Khan").status is Status.IN
        assert things(school) == ["Reid, Callum: phone in envelope"]
        school.clock.forward(minutes=5)
        await desk.tick()
        await desk.type("/", "reid", "enter", "+")
        assert things(school) == []


async def test_what_was_confiscated_is_not_handed_back_by_enter(school: School) -> None:
    two_in(school)
    school.desk().do(hold_item(1, Holding.CONFISCATED, "vape", why="x", searched_by="CO1", kept_where="safe"))
    async with driven_school(school) as desk:
        await desk.type("/", "reid", "enter", "s", "d")
        assert "still held: item in safe (g r)" in desk.says
        await desk.type("enter")
        assert len(things(school)) == 1


async def test_all_leave_and_all_their_phones_go_back_with_one_enter(school: School) -> None:
    two_in(school)
    school.desk().do(hold_item(1, Holding.PHONE), hold_item(2, Holding.PHONE))
    async with driven_school(school) as desk:
        await desk.type("*", "s")
        assert "2 things still held" in desk.says
        await desk.type("d", "enter")
        assert things(school) == []


async def test_a_phone_handed_back_at_another_terminal_meanwhile_is_not_handed_back_twice(school: School) -> None:
    two_in(school)
    phone = school.desk().do(hold_item(1, Holding.PHONE)).value
    async with driven_school(school) as desk:
        await desk.type("/", "reid", "enter", "s", "l")
        school.desk("AS2", "other").do(end_holding(phone, "returned"))
        await desk.type("enter")
        assert "Already returned, 09:00 by AS2" in desk.says


async def test_g_and_a_number_moves_as_it_always_did(school: School) -> None:
    two_in(school)
    async with driven_school(school) as desk:
        await desk.type("/", "reid", "enter", "g", "3", "enter")
        assert desk.row("Reid").row.seat == 3
        await desk.type("g", "s", "4", "enter")
        assert desk.row("Reid").row.seat == 4


async def test_a_confiscation_takes_its_four_facts_on_one_form(school: School) -> None:
    two_in(school)
    async with driven_school(school) as desk:
        await desk.type("/", "reid", "enter", "g", "c", "vape", "enter", "f10")
        assert "Say why it was taken" in desk.text
        await desk.type("in hand", "enter", "enter", "office safe", "enter")
        assert things(school) == ["Reid, Callum: vape (in hand), kept in office safe, searched by AS1"]
        assert "vape" not in desk.text
        await desk.type("g", "r", "p", "his mother", "enter")
        assert things(school) == []


async def test_medication_keeps_what_was_typed_until_the_time_fits(school: School) -> None:
    two_in(school)
    async with driven_school(school) as desk:
        await desk.type("/", "reid", "enter", "g", "m", "inhaler", "enter")
        assert "inhaler▏" in desk.says
        assert "the time comes last" in desk.says
        await desk.type(" 1230", "enter")
        assert things(school) == ["Reid, Callum: medication at 12:30: inhaler"]
        assert "inhaler" not in desk.text
        await desk.type("g", "r", "g")
        assert things(school) == []


async def test_medication_falls_due_on_the_board_without_saying_what_it_is(school: School) -> None:
    two_in(school)
    school.desk().do(hold_item(1, Holding.MEDICATION, "inhaler", due="09:30"))
    async with driven_school(school) as desk:
        assert "due" not in desk.text
        school.clock.forward(minutes=33)
        await desk.tick()
        assert "● in, g due 3" in desk.text
        assert "g 1 due" in desk.text.splitlines()[0]
        assert "inhaler" not in desk.text
        await desk.type("/", "reid", "enter", "g", "r", "g")
        assert "g due" not in desk.text


async def test_lent_and_given_back(school: School) -> None:
    two_in(school)
    async with driven_school(school) as desk:
        await desk.type("/", "reid", "enter", "g", "l", "calculator", "enter")
        assert things(school) == ["Reid, Callum: lent: calculator"]
        await desk.type("g", "r")
        assert things(school) == []


async def test_one_of_several_things_is_chosen_by_its_number(school: School) -> None:
    two_in(school)
    school.desk().do(hold_item(1, Holding.PHONE), hold_item(1, Holding.LENT, "ruler"))
    async with driven_school(school) as desk:
        await desk.type("/", "reid", "enter", "g", "r")
        assert "1 phone in envelope 09:00" in desk.says
        await desk.type("2")
        assert things(school) == ["Reid, Callum: phone in envelope"]


async def test_lunch_in_words_then_taken(school: School) -> None:
    two_in(school)
    async with driven_school(school) as desk:
        await desk.type("/", "reid", "enter", "l")
        assert "t taken" not in desk.says
        await desk.type("w", "jacket potato", "enter", "l", "t")
        assert desk.row("Reid").row.care.lunch == Lunch("jacket potato", taken=True)


async def test_the_kitchen_page_lists_asks_prints_and_shows_what_came_late(school: School) -> None:
    two_in(school)
    school.file.execute("UPDATE student SET fsm = 1, dietary = 'no nuts' WHERE id IN (1, 2)")
    school.desk().do(choose_lunch(1, IER, "hot"))
    async with driven_school(school, size=(80, 24)) as desk:
        await desk.type("L")
        assert "Lunch  1 hot" in desk.text
        assert "has not been printed today" in desk.text
        assert "nuts" not in desk.text
        await desk.type("p", "k")
        assert "kitchen-2026-11-23.html" in desk.text
        assert "The kitchen sheet of 09:00 says all" in desk.text
        school.desk("AS2", "other").do(choose_lunch(2, IER, "hot"))
        await desk.type("down", "l", "v")  # Khan, the only one left to be asked
        await desk.pilot.pause()
        assert "New since the kitchen sheet of 09:00" in desk.text
        assert "Okafor, Amara 9B: hot" in desk.text
        assert "Khan, Bilal 8A: vegetarian" in desk.text
        await desk.type("escape")
        assert desk.app.screen is desk.today


async def test_home_is_told_with_three_keys_and_only_those_who_may_be_told_are_shown(school: School) -> None:
    give_contacts(school)
    school.desk().do(walk_in(1, IER, PlacementType.REMOVAL, "Defiance"))
    async with driven_school(school) as desk:
        assert "t 1 home to tell" in desk.text.splitlines()[0]
        await desk.type("t")
        assert "Sagal Jama, mother · parental responsibility · Somali · 07700 900295" in desk.text
        assert "Kim Ray" in desk.text
        assert "Liban" not in desk.text
        await desk.type("t", "enter")
        assert "home told 08:30 · u undoes" in desk.says
        assert "home to tell" not in desk.text


async def test_t_twice_by_accident_tells_nobody(school: School) -> None:
    give_contacts(school)
    school.desk().do(walk_in(1, IER, PlacementType.REMOVAL, "Defiance"))
    async with driven_school(school) as desk:
        await desk.type("t", "t", "escape")
        assert len(homes_to_tell(school.board(), at("08:30"))) == 1


async def test_no_answer_leaves_it_open_and_stands_in_the_form_next_time(school: School) -> None:
    give_contacts(school)
    school.desk().do(walk_in(1, IER, PlacementType.REMOVAL, "Defiance"))
    async with driven_school(school) as desk:
        await desk.type("t", "2", "n", "enter")
        assert "home is still to be told" in desk.says
        await desk.type("t")
        assert "08:30 foster mother, Kim Ray: no answer (phone) AS1" in desk.text
        assert "home to tell since 08:30" in desk.text


async def test_a_form_without_an_outcome_says_so_and_keeps_the_note(school: School) -> None:
    give_contacts(school)
    school.desk().do(walk_in(1, IER, PlacementType.REMOVAL, "Defiance"))
    async with driven_school(school) as desk:
        await desk.type("t", "tab", "rings back", "f10")
        assert "Say what became of it" in desk.text
        assert "rings back" in desk.text
        await desk.type("m", "f10")
        assert desk.row("Reid").row.care.home[0].note == "rings back"


async def test_a_student_without_contacts_is_said_so_and_nothing_can_be_saved(school: School) -> None:
    school.book(1)
    async with driven_school(school) as desk:
        await desk.type("t")
        assert "Nobody who may be told is on record" in desk.text
        await desk.type("t", "enter")
        assert "Nobody who may be told is on record" in desk.text


async def test_tab_and_the_count_filter_by_homes_to_tell(school: School) -> None:
    two_in(school)
    school.desk().do(walk_in(5, IER, PlacementType.REMOVAL, "Defiance"))
    async with driven_school(school) as desk:
        going.show_homes(desk.today)
        await desk.pilot.pause()
        assert [one.row.name for one in desk.today.state.shown] == ["Marsh, Ellie"]
        await desk.type("escape")
        assert len(desk.today.state.shown) == 4


async def test_cover_may_not_ring_home_and_is_told_why(school: School) -> None:
    two_in(school)
    async with driven_school(school, code="CV1") as desk:
        await desk.type("t")
        assert "not for the role of cover" in desk.says


async def test_the_pane_says_in_the_open_what_anyone_may_read_and_opened_the_rest(school: School) -> None:
    give_contacts(school)
    two_in(school)
    school.desk().do(hold_item(1, Holding.CONFISCATED, "[b]vape[/", why="x", searched_by="CO1", kept_where="safe"))
    school.desk().do(tell_home(1, "mother", "phone", "told"))
    school.desk().do(choose_lunch(1, IER, "hot"))
    async with driven_school(school, size=(160, 40)) as desk:
        await desk.type("/", "reid", "enter", "k", "u")
        shut = str(desk.today.query_one(Pane).content)
        assert "held 09:00: item in safe" in shut
        assert "home told 09:00: mother, AS1" in shut
        assert "lunch: hot" in shut
        assert "seen 09:00" in shut
        assert "upset" not in shut
        await desk.type("enter")
        opened = str(desk.today.query_one(Pane).content)
        assert "held 09:00: [b]vape[/ (x), kept in safe, searched by CO1" in opened
        assert "seen 09:00 upset" in opened


async def test_a_phone_stays_held_when_a_colleague_undoes_the_signing_in(school: School) -> None:
    two_in(school)
    async with driven_school(school) as desk:
        school.desk("AS2", "other").do(sign_in(4, IER))
        await desk.tick()
        await desk.type("/", "khan", "enter", "+")
        assert school.desk("AS2", "other").do(undo()).value == "sign_in"
        await desk.tick()
        assert things(school) == ["Khan, Bilal: phone in envelope"], "a phone stays held whatever becomes of the visit"
