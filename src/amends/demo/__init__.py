"""An invented force and its invented history, from a seed."""
