"""Questions about a landscape and about frameworks: who agrees, who differs, what can be decided, what has changed."""
