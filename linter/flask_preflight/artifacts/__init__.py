"""One module for each kind of artifact: what it says and what that means."""
