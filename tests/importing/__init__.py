"""Tests of psc.importing: files as other systems write them, whole and broken."""
