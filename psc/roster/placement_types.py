"""The types of placement, and which side of the line between sanction and support each is on."""

from __future__ import annotations

from enum import StrEnum

from psc.text import one_of


class Line(StrEnum):
    """Which side of the line a placement type is on. The sides are always counted apart."""

    SANCTION = "sanction"
    SUPPORT = "support"
    NEUTRAL = "neutral"


class PlacementType(StrEnum):
    """Why a student is in a room at all. Source: the domain notes, section Placement types."""

    REMOVAL = "removal"
    INTERNAL_EXCLUSION = "internal_exclusion"
    INTERNAL_SUSPENSION = "internal_suspension"
    READMISSION = "readmission"
    PSC_PROGRAMME = "psc_programme"
    PHASED_RETURN = "phased_return"
    ALTERNATIVE_TIMETABLE = "alternative_timetable"
    TIME_OUT = "time_out"
    REGULATION = "regulation"
    INVESTIGATION_HOLD = "investigation_hold"
    SAFEGUARDING_SEPARATION = "safeguarding_separation"
    MISSED_DETENTION = "missed_detention"
    GUEST = "guest"

    @property
    def line(self) -> Line:
        """Sanction, support or neutral."""
        return _LINES.get(self, Line.NEUTRAL)

    @property
    def words(self) -> str:
        """As people say it."""
        return "PSC programme" if self is PlacementType.PSC_PROGRAMME else self.value.replace("_", " ").capitalize()


_LINES = {
    PlacementType.REMOVAL: Line.SANCTION,
    PlacementType.INTERNAL_EXCLUSION: Line.SANCTION,
    PlacementType.INTERNAL_SUSPENSION: Line.SANCTION,
    PlacementType.MISSED_DETENTION: Line.SANCTION,
    PlacementType.PSC_PROGRAMME: Line.SUPPORT,
    PlacementType.PHASED_RETURN: Line.SUPPORT,
    PlacementType.ALTERNATIVE_TIMETABLE: Line.SUPPORT,
    PlacementType.TIME_OUT: Line.SUPPORT,
    PlacementType.REGULATION: Line.SUPPORT,
}
INTERNAL = (PlacementType.INTERNAL_EXCLUSION, PlacementType.INTERNAL_SUSPENSION)
"""The types whose days are counted as days of internal exclusion."""
SANCTIONS = tuple(one for one in PlacementType if one.line is Line.SANCTION)
"""The types on the side of sanction."""


def typed_type(text: str) -> PlacementType:
    """Read a type as staff type it, cut short as long as it fits one: `removal`, `psc`. Raises `NotUnderstood`."""
    return PlacementType(one_of(text, PlacementType, "type"))
