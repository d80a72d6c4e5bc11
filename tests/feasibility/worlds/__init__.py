"""The environments of the suite: small, seeded, and (where finite) able to tell their own transitions to the proofs."""
