"""What the tests of redaction share: an invented case, and sentences in which its people are named."""
