"""Environments with one fault each; loaded by the probe's child through an entry point, never imported by a test."""

import atexit
import contextlib
import ctypes
import os
import re
import signal
import sys
import threading
import time

import gymnasium
import numpy as np


class Unprintable(Exception):
    def __str__(self):
        raise ValueError("no words")

    __repr__ = __str__


class Unusual(BaseException):
    pass


class Fine(gymnasium.Env):
    """Action 1 moves right on a short line, the end pays 1."""

    def __init__(self, fault="none", at=40, **_):
        self.observation_space = gymnasium.spaces.Discrete(5)
        self.action_space = gymnasium.spaces.Discrete(2)
        self.fault, self.at, self.steps, self.kept = fault, at, 0, []

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        if self.fault == "raise_in_reset" and self.steps > self.at:
            raise KeyError("shelf")
        self.place = 0
        return 0, {}

    def step(self, action):
        self.steps += 1
        fault = getattr(self, self.fault, None)
        if fault and self.steps > self.at:
            answer = fault()
            if answer is not None:
                return answer
        self.place = max(0, self.place + (1 if action == 1 else -1))
        ends = self.place == 4
        return self.place, float(ends), ends, False, {}

    def raise_in_step(self):
        return [][7]

    def segfault(self):
        ctypes.string_at(0)

    def abort(self):
        os.abort()

    def exit_now(self):
        os._exit(0)

    def sys_exit(self):
        sys.exit(3)

    def interrupt(self):
        raise KeyboardInterrupt

    def recursion(self):
        return self.recursion()

    def hang_in_python(self):
        while True:
            pass

    def hang_in_c(self):
        time.sleep(1e6)

    def hang_with_gil(self):
        ctypes.PyDLL(None).usleep(100_000_000) or ctypes.PyDLL(None).pause()

    def leak(self):
        self.kept.append(np.ones(4_000_000))

    def huge_allocation(self):
        self.kept.append(np.ones(8_000_000_000))

    def flood(self):
        print("x" * 1000 * 50)
        return None

    def c_puts(self):
        libc = ctypes.CDLL(None)
        libc.puts(b'{"kind":"finished","seq":1}')
        libc.fflush(None)

    def spoof(self):
        print('{"kind":"failed","code":"crash","message":"spoofed"}', flush=True)

    def escapes(self):
        os.write(1, b"\x1b]0;owned\x07\x1b[2J\xff\xfe plain words\n")

    def nan_reward(self):
        return self.place, float("nan"), False, False, {}

    def infinite_reward(self):
        return self.place, np.float32(np.inf), False, False, {}

    def text_reward(self):
        return self.place, "much", False, False, {}

    def four_values(self):
        return self.place, 0.0, True, {}

    def closes_everything(self):
        os.closerange(3, 256)

    def forks(self):
        if len(self.kept) < 3:
            pid = os.fork()
            if pid == 0:
                time.sleep(1e6)
            self.kept.append(pid)
        time.sleep(1e6)

    def daemon(self):
        if not self.kept:
            if os.fork() == 0:
                os.setsid()
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                time.sleep(1e6)
            self.kept.append(1)
        os._exit(5)

    def fork_returns(self):
        if not self.kept:
            self.kept.append(os.fork())

    def slow(self):
        time.sleep(0.2)

    def shows_environment(self):
        wanted = [f"{k}={v}" for k, v in sorted(os.environ.items()) if "SECRET" in k or k == "OMP_NUM_THREADS"]
        raise RuntimeError(" ".join(wanted))

    def reads_input(self):
        input("your move? ")

    def hang_in_regex(self):
        re.match("(a+)+$", "a" * 60 + "b")

    def ignores_signals(self):
        for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_IGN)
        time.sleep(1e6)

    def stops_itself(self):
        os.kill(os.getpid(), signal.SIGSTOP)

    def alarm(self):
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        time.sleep(1e6)

    def raise_unprintable(self):
        raise Unprintable

    def raise_base(self):
        raise Unusual("not even an Exception")

    def closes_outputs(self):
        if not self.kept:
            self.kept.append(1)
            for number in (1, 2):
                with contextlib.suppress(OSError):
                    os.close(number)

    def stuck_thread(self):
        if not self.kept:
            self.kept.append(1)
            threading.Thread(target=time.sleep, args=(1e6,)).start()
            atexit.register(time.sleep, 1e6)

    def moves_away(self):
        os.chdir("/")
        os.environ.clear()

    def endless_file(self):
        import tempfile

        with tempfile.TemporaryFile() as file:
            for _ in range(400):
                file.write(b"x" * 2**20)
            file.flush()


class Vector(Fine):
    """The same with a vector observation."""

    def __init__(self, fault="none", at=40, **_):
        super().__init__(fault, at)
        self.observation_space = gymnasium.spaces.Box(-10.0, 10.0, (2,), np.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return np.zeros(2, dtype=np.float32), {}

    def step(self, action):
        answer = super().step(action)
        if isinstance(answer[0], int):
            return np.full(2, answer[0], dtype=np.float32), *answer[1:]
        return answer

    def infinite_observation(self):
        return np.array([0.0, np.inf], dtype=np.float32), 0.0, False, False, {}

    def wrong_shape(self):
        return np.zeros(3, dtype=np.float32), 0.0, False, False, {}


class Profit(Fine):
    """Reports a profit: 1 a step, or what no owner can add up."""

    def step(self, action):
        observation, reward, terminated, truncated, _ = super().step(action)
        odd = {"nan": float("nan"), "text": "much", "nothing": None}.get(self.fault, 1.0)
        return observation, reward, terminated, truncated, {"profit": odd, "stock": 3}


class RaisesInInit(Fine):
    def __init__(self):
        raise OSError("no licence server")


class RaisesInClose(Fine):
    def close(self):
        raise RuntimeError("cannot let go")


class NoSpaces:
    def reset(self, *, seed=None, options=None):
        return 0, {}

    def step(self, action):
        return 0, 0.0, True, False, {}

    def close(self):
        pass


class RaisesLater(Fine):
    def step(self, action):
        answer = super().step(action)
        if self.steps > self.at + 50:
            raise RuntimeError("enough")
        return answer
