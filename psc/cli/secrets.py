"""Commands about secrets: the first ones of a file made before psc knew any, and a passphrase of one's own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from psc.cli.asking import new_passphrase
from psc.errors import NotUnderstood

if TYPE_CHECKING:
    from psc.cli.context import Context
    from psc.database.file import File
    from psc.desk.people import Role
    from psc.flows.set_up import First, Newcomer


def ask_first(context: Context, school: str, people: list[Newcomer]) -> list[First]:
    """Ask for the first two people's passphrases, one after the other."""
    from psc.flows.set_up import First, check_first

    made: list[First] = []
    for person in people:
        check = partial(check_first, person, school, [one.passphrase for one in made])
        typed = new_passphrase(f"{person.code}, {person.role.words}", check, from_stdin=context.secret_stdin)
        made.append(First(person, typed))
    return made


def first_secrets(context: Context, admin: str, lead: str) -> int:
    """Give an administrator and a behaviour lead their passphrases, once, in a file of before."""
    from psc.database.file import opened
    from psc.desk.people import Role
    from psc.desk.place import clock_of, terminal
    from psc.flows import set_up

    with opened(context.path()) as file:
        set_up.check_before_secrets(file)
        people = [_person(file, Role.ADMIN, admin, "--admin"), _person(file, Role.BEHAVIOUR_LEAD, lead, "--lead")]
        set_up.check_two(*people)
        set_up.first_secrets(file, clock_of(file), terminal(), ask_first(context, file.school, people))
    codes = [one.code for one in people]
    context.print(
        {"file": str(context.path()), "given": codes},
        [
            f"{codes[0]} and {codes[1]} can sign in now.",
            f"{codes[0]} gives everybody else a passphrase, which they change at its first use.",
        ],
    )
    return 0


def _person(file: File, role: Role, told: str, option: str) -> Newcomer:
    """Return who is meant by CODE or CODE=NAME, or by nothing."""
    from psc.flows.set_up import Newcomer, chosen, newcomer

    code, named, name = told.partition("=")
    found = chosen(file, role, code)
    if found is not None:
        if named:
            raise NotUnderstood(f"There is somebody of the role {role.words}: {found.code}.", f"Give {option} CODE.")
        return Newcomer(found.code, found.forename, found.surname, role)
    if not named:
        raise NotUnderstood(f"Nobody has the role {role.words} yet.", f"Name somebody: {option} CODE=NAME.")
    return newcomer(code, name, role)


def passphrase(context: Context) -> int:
    """Change one's own passphrase; also a temporary one, which opens nothing else."""
    from psc.database.file import opened
    from psc.desk.acts import Desk
    from psc.desk.place import clock_of, terminal
    from psc.desk.secrets import change_secret, check_own, hash_passphrase, plain
    from psc.errors import Refused

    with opened(context.path()) as file:
        code, clock = context.whose(file), clock_of(file)
        person, old = context.sign_on(file, clock, code)

        def check(text: str) -> None:
            check_own(file, person.staff, text)
            if plain(text) == plain(old):
                raise Refused("That is the passphrase you have.", "Choose another.")

        new = new_passphrase(person.staff.code, check, from_stdin=context.secret_stdin)
        done = Desk(file, clock, code, terminal()).do_patiently(change_secret(hash_passphrase(new)))
    lost = ["Your PIN went with the old one. F6 in psc chooses another."] if person.has_pin else []
    context.print({"act": done.act, "code": person.staff.code}, [f"{person.staff.code} has a new passphrase.", *lost])
    return 0
