"""What the pages point at is there; every option they name exists, and every option that exists is named."""

from __future__ import annotations

import re
import shlex

import pytest

from psc.desk.settings import Settings
from psc.errors import PscError
from psc.prints.keep import KEPT_DAYS
from tests.docs.pages import ROOT, Page, commands, options, pages, parts

PAGES = pages()
GUIDE = [page for page in PAGES if page.path.is_relative_to(ROOT / "docs")]
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
_OTHERS = ("pip", "python", "make", "uv", "ssh", "tmux", "chmod")
"""Programs whose options are none of ours."""

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.path.relative_to(ROOT)))


def anchors(text: str) -> set[str]:
    """Return the names under which a page's headings can be linked to."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_page
def test_links_lead_somewhere(page: Page) -> None:
    for link in _LINK.findall(page.prose):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.path.parent / name).resolve() if name else page.path
        assert target.exists(), f"{page.path.name} links to {link}"
        assert target.is_relative_to(ROOT), f"{link} leads out of the project"
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), f"{page.path.name} links to {link}"


def ours(words: str) -> list[str] | None:
    """Return the words after `psc` of a command line of ours, None when it is not one."""
    if not re.match(r"psc($| )", words):
        return None
    return shlex.split(words.partition("  #")[0])[1:]


def command_of(words: list[str]) -> str:
    """Return the command that a line of ours names, "" for none."""
    return next((word for word in words if word in commands()), "")


@each_page
def test_every_command_line_shown_would_be_understood(page: Page) -> None:
    for line in page.lines_of_code:
        words = ours(line.strip())
        if words is None or re.search(r"[\[…]|COMMAND", line):
            continue
        try:
            commands()[""].parse_args(words)
        except PscError as error:
            pytest.fail(f"{page.path.name}: {line}: {error}")


@each_page
def test_every_command_and_option_named_exists(page: Page) -> None:
    known = commands()
    every = set().union(*(options(one, whole=True) for one in known.values()))
    for span in [*page.spans, *(line.strip() for line in page.lines_of_code)]:
        words = ours(span)
        if words is not None:
            name = command_of(words)
            if words and words[0][0].islower():
                assert name == words[0], f"{page.path.name}: there is no “{span}”"
            fitting = options(known[""]) | (options(known[name], whole=True) if name else set())
            after = words[words.index(name) + 1 :] if name else []
            if name and parts(known[name]) and after and after[0][0].islower():
                assert after[0] in parts(known[name]), f"{page.path.name}: there is no “{span}”"
            assert set(_OPTION.findall(span)) <= fitting, f"{page.path.name}: {span}"
        elif not any(name in span for name in _OTHERS):
            assert set(_OPTION.findall(span)) <= every, f"{page.path.name}: {span}"


def test_every_command_and_option_is_in_the_guide() -> None:
    told = "\n".join(
        [*(span for page in GUIDE for span in page.spans), *(x for page in GUIDE for x in page.lines_of_code)]
    )
    named = set(re.findall(r"\bpsc ([a-z-]+)", told))
    for name, command in commands().items():
        assert not name or name in named, f"psc {name} is not in the guide"
        for part in parts(command) if name else ():
            assert f"psc {name} {part}" in told, f"psc {name} {part} is not in the guide"
        for option in options(command, whole=bool(name)):
            assert re.search(rf"(?<![\w-]){option}(?![\w-])", told), f"psc {name} {option} is not in the guide"


def test_everything_that_can_be_imported_is_in_the_guide() -> None:
    kinds = next(action.choices for action in commands()["import"]._actions if action.dest == "kind")
    setting_up = next(page for page in GUIDE if page.path.name == "setting-up.md")
    assert [kind for kind in kinds or () if f"| `{kind}` |" not in setting_up.text] == []


def test_the_exit_codes_in_the_guide_are_those_psc_ends_with() -> None:
    from psc.cli.main import STOPPED

    def below(kind: type[PscError]) -> set[int]:
        return {kind.exit_code}.union(*map(below, kind.__subclasses__()))

    technician = next(page for page in GUIDE if page.path.name == "technician.md")
    table = technician.text.partition("## Exit codes")[2]
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)}
    assert told == {0, STOPPED} | below(PscError)


def test_the_figures_told_to_staff_are_the_defaults() -> None:
    settings = Settings()
    for name, told in {
        "today.md": (
            f"from {settings.grace_minutes} minutes after the start",
            f"{settings.toilet_minutes} minutes for the toilet, {settings.nurse_minutes} for the nurse",
            f"After {settings.way_minutes} minutes they are to be found",
            f"{settings.served_share}% of its minutes and a check of {settings.served_mark} or more",
            f"Over {settings.entered_later_minutes} minutes late",
        ),
        "whole-day.md": (
            f"reminds every {settings.welfare_minutes} minutes",
            f"{settings.register_close_minutes} minutes after the first bell",
            f"after {KEPT_DAYS} days",
        ),
        "coordinators.md": (f"{settings.keep_apart_days} days, with a reason",),
        "referrals.md": (f"up to {settings.own_approval_days} school days",),
        "work.md": (f"at {settings.work_due_hour}:00 on the school day before",),
    }.items():
        page = next(page for page in GUIDE if page.path.name == name).text.replace("\n", " ")
        for words in told:
            assert words in page, words
