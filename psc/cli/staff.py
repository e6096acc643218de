"""`psc staff`: the staff list. A passphrase is printed once, when it is made, and is shown nowhere again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psc.desk.people import Role
from psc.desk.permissions import scope_of
from psc.desk.staff_acts import (
    Person,
    add_staff,
    change_staff,
    deactivate_staff,
    passphrases,
    people,
    reactivate_staff,
    the_person,
    typed_person,
    typed_role,
    typed_year_list,
)
from psc.errors import Refused

if TYPE_CHECKING:
    import argparse

    from psc.cli.context import Context
    from psc.desk.acts import Desk

_STATES = {
    "own": "passphrase",
    "temporary": "temporary passphrase",
    "expired": "temporary passphrase, run out",
    "none": "no passphrase",
}
_SIGNS_IN = frozenset(Role) - {Role.TEACHER, Role.SYSTEM}


def staff(context: Context, args: argparse.Namespace) -> int:
    """Do what `psc staff` was asked for."""
    with context.desk() as desk:
        match args.what:
            case "list":
                return _list(context, desk)
            case "add":
                return _add(context, desk, args)
            case "role":
                return _role(context, desk, args)
            case "reset":
                return _reset(context, desk, args.whom)
            case _:
                return _come_or_go(context, desk, args.whom, back=args.what == "reactivate")


def _list(context: Context, desk: Desk) -> int:
    scope_of("see_staff", desk.staff())
    kept = passphrases(desk.file, desk.clock.now())
    every = people(desk.file)
    context.print(
        [_json(one, kept.get(one.id, "none")) for one in every], [_line(one, kept.get(one.id, "none")) for one in every]
    )
    return 0


def _json(one: Person, state: str) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "role": one.role.value,
        "years": list(one.years),
        "active": one.active,
        "passphrase": state,
    }


def _line(one: Person, state: str) -> str:
    years = f" {','.join(str(year) for year in one.years)}" if one.years else ""
    words = "has left" if not one.active else _STATES[state] if one.role in _SIGNS_IN else "only named"
    return f"{one.code:<8} {one.name:<28} {one.role.words + years:<22} {words}"


def _add(context: Context, desk: Desk, args: argparse.Namespace) -> int:
    code, forename, surname = typed_person(args.person)
    role, years = typed_role(args.role), typed_year_list(args.years)
    desk.do_patiently(add_staff(code, forename, surname, role, years=years))
    one = the_person(desk.file, code)
    return _passphrase(context, desk, one, f"{one.name} ({one.code}) is on the staff list as {one.role.words}.")


def _role(context: Context, desk: Desk, args: argparse.Namespace) -> int:
    scope_of("change_staff", desk.staff())
    was, role = the_person(desk.file, args.whom), typed_role(args.role)
    # Years belong to a head of year: whoever is none any more does not keep them.
    years = typed_year_list(args.years) if args.years is not None else was.years if role is Role.HEAD_OF_YEAR else ()
    desk.do_patiently(change_staff(was, was._replace(role=role, years=years)))
    one = the_person(desk.file, args.whom)
    value = {"code": one.code, "role": one.role.value, "years": list(one.years)}
    context.print(value, [f"{one.code} is {one.role.words} now, from their next act on."])
    return 0


def _reset(context: Context, desk: Desk, code: str) -> int:
    scope_of("reset_secret", desk.staff())
    one = the_person(desk.file, code)
    if one.role not in _SIGNS_IN:
        raise Refused("A teacher is named in psc and does not sign in.", "Give them another role first.")
    return _passphrase(context, desk, one, f"{one.name} ({one.code}) has a new passphrase; the old one is forgotten.")


def _come_or_go(context: Context, desk: Desk, code: str, *, back: bool) -> int:
    scope_of("reactivate_staff" if back else "deactivate_staff", desk.staff())
    was = the_person(desk.file, code)
    if back:
        desk.do_patiently(reactivate_staff(was))
        one = the_person(desk.file, code)
        return _passphrase(context, desk, one, f"{one.name} ({one.code}) is back as {one.role.words}.")
    desk.do_patiently(deactivate_staff(was))
    value = {"code": was.code, "active": False}
    context.print(value, [f"{was.name} ({was.code}) can no longer sign in. What they did stays under their code."])
    return 0


def _passphrase(context: Context, desk: Desk, one: Person, said: str) -> int:
    """Give somebody a temporary passphrase where they sign in at all, and print it this once."""
    from psc.desk.secrets import TEMPORARY_DAYS, hash_passphrase, reset_secret, temporary_passphrase

    value: dict[str, Any] = {"code": one.code, "name": one.name, "role": one.role.value, "years": list(one.years)}
    if one.role not in _SIGNS_IN:
        context.print({**value, "passphrase": None}, [said, "A teacher is only named, and does not sign in."])
        return 0
    made = temporary_passphrase()
    desk.do_patiently(reset_secret(one.id, hash_passphrase(made)))
    lines = [
        said,
        f"  {made}",
        f"It is shown this once. They change it when they first sign in, within {TEMPORARY_DAYS} days.",
    ]
    context.print({**value, "passphrase": made}, lines)
    return 0
