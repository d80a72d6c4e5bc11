# Case: @TITLE@
"""The loop settles, keeps its limits and falls back when the sensor fails. Run: pytest test_controller.py"""

import fit_model
import pytest
from controller import LOOP, Controller

LOW, HIGH = LOOP["input"]["limits"]
MOST = LOOP["input"]["most_change_per_period"]
TARGET, TOLERANCE = LOOP["setpoint"]["value"], LOOP["setpoint"]["tolerance"]


def plant(value, given, gain=1.0, load=0.0):
    """One period of the first-order model in control_loop.yaml, with its gain changed and a load taken off."""
    model = LOOP["model"]
    return model["keeps"] * value + gain * model["gain"] * given + model["offset"] - load


def simulate(periods, start, gain=1.0, load=0.0):
    controller, value, values, inputs = Controller(), start, [], []
    for _ in range(periods):
        inputs.append(controller.step(value))
        value = plant(value, inputs[-1], gain, load)
        values.append(value)
    return values, inputs


def rest():
    """Where the model stays with the manual input."""
    model = LOOP["model"]
    return (model["gain"] * LOOP["input"]["manual"] + model["offset"]) / (1 - model["keeps"])


def reachable(gain):
    model = LOOP["model"]
    wanted = ((1 - model["keeps"]) * TARGET - model["offset"]) / (gain * model["gain"])
    return LOW < wanted < HIGH


@pytest.mark.parametrize("gain", [0.5, 1.0, 2.0])
def test_it_settles_within_the_tolerance_though_the_model_is_wrong(gain):
    assert reachable(gain), "no input within the limits holds the target: a larger actuator, or another target"
    values, _ = simulate(600, rest(), gain)
    assert all(abs(value - TARGET) <= TOLERANCE for value in values[-100:])


@pytest.mark.parametrize("load", [-0.5, 0.5])
def test_it_takes_up_a_constant_load(load):
    values, _ = simulate(600, rest(), load=load)
    assert abs(values[-1] - TARGET) <= TOLERANCE


def test_the_input_stays_within_its_limits_and_its_rate():
    _, inputs = simulate(300, rest(), load=50)
    before = [float(LOOP["input"]["manual"]), *inputs]
    assert all(LOW <= given <= HIGH for given in inputs)
    assert all(abs(new - old) <= MOST + 1e-9 for old, new in zip(before, inputs))


@pytest.mark.parametrize("name", LOOP["fallback"])
def test_a_fault_that_lasts_leads_to_the_manual_value_and_stays_there(name):
    values = {"missing": None, "implausible": LOOP["measured"]["plausible"][1] + 1}
    controller = Controller()
    controller.step(rest())
    jump = rest() + 2 * LOOP["measured"]["most_change_per_period"]
    for _ in range(LOOP["fallback"][name]["at_most_periods"] + 1 + round((HIGH - LOW) / MOST) + 1):
        given = controller.step(values.get(name, jump))
    assert given == LOOP["input"]["manual"]
    controller.step(rest())
    assert controller.mode == "manual", "only a person releases the loop"


def test_a_fault_of_one_period_keeps_the_input():
    controller = Controller()
    before = controller.step(rest())
    assert controller.step(None) == before


def test_every_fallback_names_what_is_done():
    assert {"missing", "implausible", "jump"} == set(LOOP["fallback"])
    assert all(rule["then"] in ("hold", "manual") for rule in LOOP["fallback"].values())
    assert LOW <= LOOP["input"]["manual"] <= HIGH


def test_a_model_is_found_again_in_its_own_recording():
    inputs = [float(LOW + (HIGH - LOW) * ((period // 7) % 2)) for period in range(80)]
    values = [rest()]
    for given in inputs[:-1]:
        values.append(plant(values[-1], given))
    keeps, gain, offset, error = fit_model.fit(values, inputs)
    model = LOOP["model"]
    assert (keeps, gain, offset) == pytest.approx((model["keeps"], model["gain"], model["offset"]), abs=1e-6)
    assert error == pytest.approx(0, abs=1e-6)


def test_only_what_is_beyond_the_tolerance_counts_as_outside():
    assert fit_model.outside([59.0, 60.0, 62.0, 61.0], [60.0] * 4, 1.0) == 0.25
