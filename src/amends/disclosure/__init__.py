"""What may leave the building: nothing yet, and in time only tables made safe."""
