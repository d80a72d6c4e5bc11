"""The inner loop of the policy learners: REINFORCE and the one-step actor-critic with a softmax per state.

Sutton and Barto (2018), sections 13.3 to 13.5, with the weight discount^t of each timestep. A truncated episode goes on
in the critic's estimate of its last state. REINFORCE adds up the gradient of a whole episode under the preferences that
acted in it, so that it is unbiased, and moves them once.
"""

from __future__ import annotations

import math
from typing import Any

from scoper.numerics.learning.kernels import TRANSITION, WORDS, begin, drawn, drawn_from, paid, softmax_into, uniform

Array = Any


def scale_after(moments: Array, square: float) -> Any:
    """The root mean square after one more `square`: an average at first, then over about 1,000 of them."""
    moments[0] += 1.0
    moments[1] += max(1.0 / moments[0], 0.001) * (square - moments[1])
    return math.sqrt(moments[1]) if moments[1] > 0.0 else 1.0


def step_of(visits: Array, low: int, high: int, by_visits: Array, by_timestep: Array, i: int) -> Any:
    """The step size of a state: by its visits, this one included, or by the timestep."""
    if by_visits.size == 0:
        return by_timestep[i]
    count = -1
    for pair in range(low, high):
        count += visits[pair]
    return by_visits[min(count, by_visits.size - 1)]


def policy_block(
    first_pair: Array,
    offsets: Array,
    cumulative: Array,
    successor: Array,
    reward: Array,
    terminates: Array,
    starts: Array,
    start_cumulative: Array,
    whole_episodes: bool,
    baseline: bool,
    scaled: bool,
    discount: float,
    bonus: float,
    longest: int,
    size: int,
    critic_visits: Array,
    critic_timestep: Array,
    actor_visits: Array,
    actor_timestep: Array,
    keys: Array,
    began: int,
    lane: Array,
    preference: Array,
    visits: Array,
    critic: Array,
    moments: Array,
    past_pair: Array,
    past_state: Array,
    past_reward: Array,
    past_weight: Array,
    weight: Array,
) -> None:
    """The timesteps `began` .. began + size - 1 of one seed of a policy learner, in place.

    lane: state, age of the episode. past_* hold the present episode of REINFORCE: pairs, states, rewards and action
    probabilities (longest, A). moments: count and mean square of what multiplies the actor's step, discount^age.
    """
    key = keys[0]
    state, age = lane[0], lane[1]
    for i in range(size):
        timestep = began + i
        low, high = first_pair[state], first_pair[state + 1]
        total = softmax_into(preference, low, high, 1.0, weight)
        pair = low + drawn_from(weight, high - low, uniform(key, timestep * WORDS) * total)
        taken = offsets[pair]
        if offsets[pair + 1] - taken > 1:
            taken = drawn(cumulative, taken, offsets[pair + 1], uniform(key, timestep * WORDS + TRANSITION))
        after = successor[taken]
        n = visits[pair]
        visits[pair] = n + 1
        pay = paid(reward[taken], bonus, n + 1)
        tail = 0.0 if terminates[taken] else critic[after]
        over = terminates[taken] or age + 1 >= longest
        if whole_episodes:
            past_pair[age], past_state[age], past_reward[age] = pair, state, pay
            for j in range(high - low):
                past_weight[age, j] = weight[j] / total
            if over:
                finish(
                    first_pair, baseline, scaled, discount, age + 1, tail, critic_visits, critic_timestep,
                    actor_visits, actor_timestep, i, preference, visits, critic, moments,
                    past_pair, past_state, past_reward, past_weight,
                )  # fmt: skip
        else:
            error = pay + discount * tail - critic[state]
            step = step_of(visits, low, high, actor_visits, actor_timestep, i) * error * moments[2]
            if scaled:
                step /= scale_after(moments, error * error)
            critic[state] += step_of(visits, low, high, critic_visits, critic_timestep, i) * error
            for j in range(high - low):
                preference[low + j] += step * ((1.0 if low + j == pair else 0.0) - weight[j] / total)
            moments[2] *= discount
        age += 1
        if over:
            after = begin(starts, start_cumulative, key, timestep)
            age = 0
            moments[2] = 1.0
        state = after
    lane[0], lane[1] = state, age


def finish(
    first_pair: Array,
    baseline: bool,
    scaled: bool,
    discount: float,
    length: int,
    tail: float,
    critic_visits: Array,
    critic_timestep: Array,
    actor_visits: Array,
    actor_timestep: Array,
    i: int,
    preference: Array,
    visits: Array,
    critic: Array,
    moments: Array,
    past_pair: Array,
    past_state: Array,
    past_reward: Array,
    past_weight: Array,
) -> None:
    """Learn from one episode: returns backwards, then preferences and critic forwards; past_reward becomes returns."""
    for back in range(length):
        t = length - 1 - back
        tail = past_reward[t] + discount * tail
        past_reward[t] = tail
    factor = 1.0
    for t in range(length):
        state, pair = past_state[t], past_pair[t]
        low, high = first_pair[state], first_pair[state + 1]
        gain = past_reward[t] - critic[state] if baseline else past_reward[t]
        step = step_of(visits, low, high, actor_visits, actor_timestep, i) * gain * factor
        if scaled:
            step /= scale_after(moments, gain * gain)
        for j in range(high - low):
            preference[low + j] += step * ((1.0 if low + j == pair else 0.0) - past_weight[t, j])
        factor *= discount
    for t in range(length):
        state = past_state[t]
        rate = step_of(visits, first_pair[state], first_pair[state + 1], critic_visits, critic_timestep, i)
        critic[state] += rate * (past_reward[t] - critic[state])
