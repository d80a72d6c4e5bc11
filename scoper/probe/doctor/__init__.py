"""The environment doctor: every contract fault of an environment in one pass, each with the line where there is one.

Only the child imports what is in here. `kinds` says what is known of every fault, `ledger` collects them, the other
modules look: `spaces`, `stepping`, `seeding`, `memory`; `checkers` asks gymnasium and Stable-Baselines3.
"""
