"""The sections of the settings page: people, rooms, times, days, figures, reasons, texts, the school."""
