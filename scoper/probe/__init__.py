"""The probe: a parent that supervises (`runner`) and a child that measures (`worker`).

They share `scoper.domain.probe` and a private pipe, nothing else; whatever the child's environment does, the parent
only ever sees events.
"""
