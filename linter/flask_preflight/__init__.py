"""What will go wrong when a Flask application is deployed, read from its repository."""

__version__ = "0.1.0"
