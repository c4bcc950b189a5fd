"""Reasoning about the definitions themselves: which implies which, and the smallest models on which they differ."""
