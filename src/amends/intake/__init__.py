"""Files of other systems read row by row: each row is kept, or refused with its reason."""
