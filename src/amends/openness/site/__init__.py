"""The public site: figures that identify nobody, how they came to be, and the policies, as pages without a script."""
