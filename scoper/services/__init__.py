"""The use cases: reading and writing files, scoping, probing, reporting. They return values and never print."""
