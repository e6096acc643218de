"""A field for what is told at length: counted, quick to type in at its longest, and never cut unseen.

A `TextArea` goes through the whole paragraph for each line it draws, and at each key: at 20,000 characters somebody who
types waits. Here a line is drawn from its own part of the paragraph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.document._document import Document
from textual.document._document_navigator import DocumentNavigator
from textual.document._wrapped_document import WrappedDocument
from textual.strip import Strip

from psc.text import shown
from psc.tui.literal import literal
from psc.tui.widgets.paragraphs import Paragraphs

if TYPE_CHECKING:
    from rich.style import Style
    from textual.document._document import EditResult, Location
    from textual.document._edit import Edit

LONGEST = 20_000
"""Characters that fit, where a form does not say otherwise: what a text of the record may have."""


class LongText(Paragraphs):
    """Text of several paragraphs, with a count of its characters under it. Tab leaves the field.

    What is pasted beyond `longest` is cut, and the field says by how much until somebody types on. Text that comes from
    elsewhere (a draft) is never cut: the count says that it is too long.
    """

    DEFAULT_CSS: ClassVar[str] = """
    LongText {
        border-subtitle-align: right;
        border-subtitle-color: $tone-quiet;
        border-subtitle-style: none;
        padding: 0 1;
    }
    LongText.-full { border-subtitle-color: $tone-alarm; }
    """

    def __init__(self, id: str, longest: int = LONGEST) -> None:
        super().__init__(id)
        self.remove_class("-textual-compact")  # it takes away every border, and with it the line of the count
        self.styles.border = ("none", "black")  # here, since a form's own style says what borders its areas have
        self.styles.border_bottom = ("blank", "black")
        self.longest = longest
        self._count()

    @property
    def length(self) -> int:
        """How many characters stand in it."""
        lines = self.document.lines
        return sum(map(len, lines)) + len(lines) - 1

    # What is written

    def _set_document(self, text: str, language: str | None) -> None:
        """Begin with other text."""
        self.document = Document(_fit_to_draw(text))
        self.wrapped_document = _Wrapped(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._build_highlight_map()
        self.move_cursor((0, 0))
        self._rewrap_and_refresh_virtual_size()

    def load_text(self, text: str) -> None:
        """Write other text into it."""
        super().load_text(text)
        self._count()

    def _replace_via_keyboard(self, insert: str, start: Location, end: Location) -> EditResult | None:
        """Write what was typed or pasted, as far as it fits."""
        words = _fit_to_draw(insert)
        room = max(0, self.longest - self.length + len(self.get_text_range(start, end)))
        result = super()._replace_via_keyboard(words[:room], start, end)
        self._count(cut=max(0, len(words) - room))
        return result

    def edit(self, edit: Edit) -> EditResult:
        """Change the text."""
        result = super().edit(edit)
        self._count()
        return result

    def _undo_batch(self, edits: list[Edit]) -> None:  # type: ignore[override]
        super()._undo_batch(edits)
        self._count()

    def _redo_batch(self, edits: list[Edit]) -> None:  # type: ignore[override]
        super()._redo_batch(edits)
        self._count()

    def _count(self, cut: int = 0) -> None:
        """Say under the text how much stands there, and what did not fit."""
        length = self.length
        words = f"{length:,} of {self.longest:,}"
        if cut:
            words = f"{cut:,} did not fit and {'is' if cut == 1 else 'are'} cut · {words}"
        elif length > self.longest:
            words = f"too long by {length - self.longest:,} · {words}"
        self.set_class(length >= self.longest, "-full")
        self.border_subtitle = literal(words)

    # How it is drawn

    def find_matching_bracket(self, bracket: str, search_from: Location) -> Location | None:
        """Find none: prose has no pairs to show, and looking for one goes through the whole text."""
        return None

    def _render_line(self, y: int) -> Strip:
        """Draw one line from its own part of the paragraph."""
        theme = self._theme
        base = theme.base_style if theme and theme.base_style is not None else self.rich_style
        width = self.scrollable_content_region.size.width
        at = y + self.scroll_offset.y
        if at >= len(self.wrapped_document._offset_to_line_info):
            return Strip.blank(self.size.width, base)
        row, section = self.wrapped_document._offset_to_line_info[at]
        begins, words = _section(self.document[row], self.wrapped_document.get_offsets(row), section)
        styles = [base] * (len(words) + 1)
        start, end = sorted(self.selection)
        if start != end and start[0] <= row <= end[0] and theme is not None and theme.selection_style is not None:
            first = start[1] - begins if row == start[0] else 0
            last = end[1] - begins if row == end[0] else len(words) + 1
            for place in range(max(0, first), min(last, len(styles))):
                styles[place] = base + theme.selection_style
        cursor = self.selection.end
        is_last = section == len(self.wrapped_document.get_offsets(row))
        place = cursor[1] - begins
        here = cursor[0] == row and (0 <= place < len(words) or (place == len(words) and is_last))
        if here and self._draw_cursor and theme is not None and theme.cursor_style is not None:
            styles[place] = base + theme.cursor_style
        strip = Strip(_segments(words + " ", styles), cell_len(words) + 1)
        return strip.extend_cell_length(width, base).crop(0, max(width, 1))


def _fit_to_draw(text: str) -> str:
    """Return text with nothing in it that is not drawn, and line breaks of one kind."""
    if text.isascii() and text.isprintable():
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(shown(line.replace("\t", " ")) for line in lines)


def _section(line: str, offsets: list[int], section: int) -> tuple[int, str]:
    """Return where one drawn line of a paragraph begins in it, and its words."""
    begins = offsets[section - 1] if section else 0
    return begins, line[begins : offsets[section] if section < len(offsets) else len(line)]


def _segments(words: str, styles: list[Style]) -> list[Segment]:
    """Return words in pieces of one style each."""
    made, begins = [], 0
    for place in range(1, len(words) + 1):
        if place == len(words) or styles[place] is not styles[begins]:
            made.append(Segment(words[begins:place], styles[begins]))
            begins = place
    return made


class _Wrapped(WrappedDocument):
    """A document in lines as wide as the field."""

    def get_sections(self, line_index: int) -> list[str]:
        """Return the drawn lines of a paragraph."""
        line, offsets = self.document[line_index], self._wrap_offsets[line_index]
        return [line[first:last] for first, last in zip((0, *offsets), (*offsets, len(line)), strict=True)]
