"""The interview: questions that settle soonest what many definitions say of one thing."""
