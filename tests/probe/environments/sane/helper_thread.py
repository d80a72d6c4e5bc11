"""One thread helps for the object's whole life, and ends with close."""

import queue
import threading

import gymnasium


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Discrete(50)
    action_space = gymnasium.spaces.Discrete(3)

    def __init__(self):
        self.asked, self.answered = queue.Queue(), queue.Queue()
        self.helper = threading.Thread(target=self.help, daemon=True)
        self.helper.start()

    def help(self):
        while (job := self.asked.get()) is not None:
            self.answered.put(sum(job) % 50)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.state, self.time = int(self.np_random.integers(50)), 0
        return self.state, {}

    def step(self, action):
        self.time += 1
        self.asked.put((self.state, int(action), int(self.np_random.integers(5))))
        self.state = self.answered.get()
        return self.state, float(self.state > 25), False, self.time == 25, {}

    def close(self):
        self.asked.put(None)
        self.helper.join(2.0)
