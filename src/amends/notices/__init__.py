"""What people are told, by when, and that they were told."""
