"""Small worlds with one planted fault each, written by hand, and the same without it."""

from dataclasses import replace

import numpy as np

from scoper.diagnostics import Evidence
from scoper.domain.tabular import TabularMdp


def world(laws, *, horizon=40, discount=0.99, labels=(), idle=None, told=True):
    """Evidence of {(state, action): [(probability, successor, {term: amount}, wanted, ends), ...]}; starts in state 0.

    told: whether an objective is declared. States without a law are left out of every way.
    """
    n_states = 1 + max(max(s for s, _ in laws), *(row[1] for law in laws.values() for row in law))
    n_actions = 1 + max(a for _, a in laws)
    names = sorted({name for law in laws.values() for row in law for name in row[2]})
    available, offsets, rows = np.zeros((n_states, n_actions), dtype=bool), [0], []
    for state in range(n_states):
        known = [action for action in range(n_actions) if (state, action) in laws]
        for action in range(n_actions):
            law = laws.get((state, action), [(1.0, state, {}, 0.0, True)] if not known and action == 0 else [])
            available[state, action] = bool(law)
            rows += law
            offsets.append(len(rows))
    terms = {name: np.array([row[2].get(name, 0.0) for row in rows], dtype=float) for name in names}
    initial = np.zeros(n_states)
    initial[0] = 1.0
    table = TabularMdp(
        n_states=n_states,
        n_actions=n_actions,
        offsets=np.array(offsets),
        successor=np.array([row[1] for row in rows]),
        probability=np.array([row[0] for row in rows], dtype=float),
        reward=np.sum(list(terms.values()), axis=0),
        terminates=np.array([row[4] for row in rows], dtype=bool),
        initial=initial,
        available=available,
        discount=discount,
        horizon=horizon,
        state_labels=tuple(labels),
    )
    return Evidence(
        table=table,
        horizon=horizon,
        discount=discount,
        objective_declared=told,
        objective_reward=np.array([row[3] for row in rows], dtype=float) if told else None,
        terms=terms if len(names) > 1 else {},
        idle=idle,
    )


def blind(evidence):
    """The same when nobody says what is wanted."""
    return replace(evidence, objective_declared=False, objective_reward=None)


def distance(sign=-1.0):
    """Places 0 to 4 from where the owner wants to be; staying near or going away; the distance is paid by `sign`."""
    return world(
        {
            (s, a): [(1.0, t, {"way": sign * t}, -t, False)]
            for s in range(5)
            for a, t in ((0, max(s - 1, 0)), (1, min(s + 1, 4)))
        }
    )


def press(mending=-1.0):
    """Wear 0 to 3: work gives 3 less the wear, a repair makes it new and costs the owner 1."""
    laws = {(s, 0): [(1.0, min(s + 1, 3), {"output": 3.0 - s}, 3.0 - s, False)] for s in range(4)}
    return world(laws | {(s, 1): [(1.0, 0, {"mending": mending}, -1.0, False)] for s in range(4)})


def errand(prize=0.0):
    """Four steps to where the owner wants to be, each costing 1; at every place one may also leave for good."""
    laws = {(s, 0): [(1.0, 5 + s, {"time": -1.0}, 0.0, True)] for s in range(5)}
    for onward in (1, 2):
        laws |= {(s, onward): [(1.0, s + 1, {"time": -1.0}, 0.0, False)] for s in range(4)}
        laws[4, onward] = [(1.0, 10, {"time": -1.0, "prize": prize}, 1.0, True)]
    return world(laws)


def buoys(touch=1.0, *, rounds=False):
    """To and fro between two places, the second of which pays at every touch; or finish, which the owner wants."""
    wanted = 1.0 if rounds else 0.0
    laws = {(0, 0): [(1.0, 1, {"touch": touch}, wanted, False)], (1, 0): [(1.0, 0, {"touch": 0.0}, 0.0, False)]}
    end = 0.0 if rounds else 1.0
    return world(laws | {(s, 1): [(1.0, 2, {"finish": 3.0}, end, True)] for s in (0, 1)})


def trips(fuel=-0.1, *, idle=None):
    """Rest, or go up and come down with a passenger who pays 1."""
    laws = {(s, 0): [(1.0, s, {"fuel": 0.0}, 0.0, False)] for s in (0, 1)}
    laws[0, 1] = [(1.0, 1, {"fuel": fuel}, 0.0, False)]
    return world(laws | {(1, 1): [(1.0, 0, {"fuel": fuel, "fare": 1.0}, 1.0, False)]}, idle=idle)


def heating(levy=0.0):
    """Cold costs 4, half a heat 1.5 with its bill, a whole one 2; a levy on the same heat comes on top."""
    laws = {}
    for heat, cold in ((0, -4.0), (1, -0.5), (2, 0.0)):
        bills = {"bill": -1.0 * heat, "levy": levy * heat} if levy else {"bill": -1.0 * heat}
        for place in range(3):
            laws[place, heat] = [(1.0, heat, {"comfort": cold} | bills, cold - heat, False)]
    return world(laws)


def speed(breakdown=-20.0):
    """Careful work gives 1, fast work 2, and one time in ten a breakdown that costs the owner 20."""
    laws = {(s, 0): [(1.0, 0, {"parts": 1.0}, 1.0, False)] for s in (0, 1)}
    broken = (0.1, 1, {"parts": 2.0, "breakdown": breakdown}, -18.0, False)
    return world(laws | {(s, 1): [(0.9, 0, {"parts": 2.0}, 2.0, False), broken] for s in (0, 1)})


def river(charge=0.0):
    """Careful or careless growing, in good and bad seasons; careless growing harms what the owner values at 10."""
    laws = {}
    for s in (0, 1):
        laws[s, 0] = [(0.5, t, {"crop": 1.0 + 4.0 * t}, 1.0 + 4.0 * t, False) for t in (0, 1)]
        laws[s, 1] = [(0.5, t, {"crop": 2.0 + 4.0 * t - charge}, 4.0 * t - 8.0, False) for t in (0, 1)]
    return world(laws)


def cover(blinds=True):
    """Dirt comes by chance; clean it, cover the camera or open it again. Dirt in sight costs, or dirt itself."""
    laws = {}
    for dirt in (0, 1):
        for covered in (0, 1):
            for action, (left, to) in enumerate(((0, covered), (dirt, 1), (dirt, 0))):
                rows = []
                for chance, new in ((0.3, 1), (0.7, left)) if not left else ((1.0, 1),):
                    seen = -float(new) if not (blinds and to) else 0.0
                    terms = {"dirt": seen - 0.05 * (action == 0)}
                    rows.append((chance, 2 * new + to, terms, -float(new), False))
                laws[2 * dirt + covered, action] = rows
    labels = [f"dirt={dirt}, covered={covered}" for dirt in (0, 1) for covered in (0, 1)]
    return world(laws, labels=labels)


def stove(clip=None):
    """Six degrees too cold at first: heat by a quarter, or let it cool; cold costs the owner by the degree."""
    laws = {}
    for place in range(25):
        for heat, after in ((0, max(place - 1, 0)), (1, min(place + 1, 24))):
            cold = 6.0 - after / 4.0
            felt = cold if clip is None else min(cold, clip)
            laws[place, heat] = [(1.0, after, {"room": -felt - 1.6 * heat}, -cold - 0.1 * heat, False)]
    return world(laws, horizon=48)


def queue(ratio=True):
    """Serve one, or turn all away; the reward is how empty the room is, or what the owner gets."""
    laws = {}
    for waiting in range(6):
        for action, (left, wanted) in enumerate(((max(waiting - 1, 0), float(waiting > 0)), (0, -float(waiting)))):
            rows = [(0.6, min(left + 2, 5)), (0.4, left)] if left < 5 else [(1.0, 5)]
            laws[waiting, action] = [
                (p, t, {"room": 1.0 / (1 + t) if ratio else wanted}, wanted, False) for p, t in rows
            ]
    return world(laws)


def ring(wraps=True):
    """Places 0 to 9, begun at 5: go on to the end, which the owner wants; or back over the edge, which pays too."""
    at = {(place + 5) % 10: place for place in range(10)}  # numbers of places: the first one is place 5
    number = {place: n for n, place in at.items()}
    laws = {}
    for place in range(10):
        ahead = place + 1 if place < 9 else (0 if wraps else 9)
        back = place - 1 if place > 0 else (9 if wraps else 0)
        done = place == 8
        laws[number[place], 0] = [(1.0, number[ahead], {"go": 1.0 * done}, 1.0 * done, done)]
        laws[number[place], 1] = [(1.0, number[back], {"go": 1.0 * (wraps and place == 0)}, 0.0, False)]
    return world(laws, labels=[f"place={at[n]}" for n in range(10)])


def corridor(potential=False):
    """Five steps to a door that pays 3; nearer is paid 1, farther is not charged, or by a potential."""
    laws = {}
    for place in range(5):
        for action, after in ((0, place + 1), (1, max(place - 1, 0))):
            ends = after == 5
            bonus = 0.99 * (0.0 if ends else after) - place if potential else float(after > place)
            laws[place, action] = [(1.0, after, {"door": 3.0 * ends, "progress": bonus}, 1.0 * ends, ends)]
    return world(laws)
