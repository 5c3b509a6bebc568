"""The settings of the service: which database, which address, and how safe it must be."""
