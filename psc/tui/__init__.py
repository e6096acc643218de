"""The full-screen app. Only this package imports textual."""
