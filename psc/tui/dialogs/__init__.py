"""Forms and lists that stand over a screen."""
