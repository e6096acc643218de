"""What is read across the records."""
