"""Any text that somebody writes comes back as it was written: on screens, in the search, on paper, in an export."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from psc.database.search_index import unindexed
from psc.incidents.incidents import Account, Part, record_incident
from psc.incidents.investigations import open_investigation
from psc.incidents.notes import write_note
from psc.incidents.statements import Taken, Whose, take_statement
from psc.overview.all_held import all_held
from psc.overview.chronology import chronology
from psc.overview.incidents import open_the_incident
from psc.overview.notes import open_the_note
from psc.overview.search_hits import snippet
from psc.overview.searching import query_words, search_records
from psc.overview.statements import read_statement
from psc.prints.investigation import investigation_document, investigation_page, read_investigation_to_print
from psc.text import clean, shown
from psc.tui.screens.incident_view import incident_lines, view_of
from psc.tui.screens.statement_view import statement_lines
from tests.school import make_school

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from psc.tui.widgets.lines import Line
    from tests.school import School

REID, OKAFOR = 1, 2


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """One school for all examples: each writes more into it."""
    school = make_school(tmp_path_factory.mktemp("any"), now="09:30")
    yield school
    school.file.close()


class Paper(HTMLParser):
    """What stands on a page of HTML, and by which tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag, and any handler of an event as one."""
        self.tags |= {tag, *(name for name, _ in attrs if name.startswith("on"))}


def bare(text: str) -> str:
    """Return a text without its spaces: where lines are broken does not matter."""
    return "".join(text.split())


def drawn(lines: Iterable[Line]) -> str:
    """Return what lines say; whatever is drawn goes through `shown`."""
    said = "\n".join("".join(words for words, _ in each.pieces) for each in lines)
    assert shown(said.replace("\n", "")) == said.replace("\n", "")
    return bare(said)


texts = st.text(max_size=200) | st.text(alphabet="[]/<>&'\"\\{}%$@ \n\x1b\u202e\u0301a\U0001f355", max_size=60)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(text=texts)
@example("<script>alert(1)</script> [@click=app.quit]x[/] ${HOME} '; DROP TABLE note; --")
@example("long " * 3_500)
def test_any_text_is_read_drawn_found_and_printed_as_it_was_written(one: School, text: str) -> None:
    desk, now, zone = one.desk("BL1"), one.clock.now(), one.file.zone
    wrote = f"begun {text} ended"
    account = Account("Fighting", wrote, antecedent=wrote)
    incident = desk.do(record_incident(account, (Part(REID, "involved"), Part(OKAFOR, "witness")))).value
    statement = desk.do(take_statement(incident, Whose(student_id=REID), Taken((wrote, wrote), now, now))).value
    note = desk.do(write_note(REID, wrote)).value
    said = clean(wrote, lines=True)

    opened = open_the_incident(desk, incident)
    assert (opened.incident.now.behaviour, opened.incident.now.antecedent) == (said, said)
    line = read_statement(one.file, statement, desk.staff(), now)
    assert line.statement.now.pages == (said, said)
    assert open_the_note(desk, note).note.now.text == said
    assert bare(said) in drawn(incident_lines(opened, view_of(80, now, zone)))
    assert bare(said) in drawn(statement_lines(line, 76, now.date(), zone))
    story = chronology(one.file, REID, desk.staff(), now)
    assert any(bare(said) in bare(f"{each.words} {each.more}") for each in story if each.key == ("incident", incident))

    assert unindexed(one.file) == 0
    found = search_records(desk, said).hits
    assert {("incident", incident), ("statement", statement), ("note", note)} <= {(hit.kind, hit.id) for hit in found}
    assert all(piece.text for hit in found for piece in snippet(hit.text, query_words(said), 60))

    file = desk.do(open_investigation("Fight", [incident])).value
    document = investigation_document(read_investigation_to_print(desk, file), zone, by="R. Okoro", now=now)
    paper = Paper(investigation_page(document))
    assert bare(said) in bare("".join(paper.words))
    assert not {name for name in paper.tags if name.startswith("on")} | ({"script", "img", "iframe"} & paper.tags)
    held = all_held(one.file, REID, desk.staff(), now)
    assert any(said == leaf.value for record in held.of("note_version") for leaf in record.leaves)
