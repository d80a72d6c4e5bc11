"""What made-up specs are made of: a good spec with other lines for it, expressions, and attacks on both readers."""

CANARY = "/tmp/fuzz-canary"

EXPRESSIONS = (
    "max(0, stock + order - demand)",
    "9.0 * min(stock + order, demand) - 0.4 * stock",
    "busy if mode == idle and order > 0 else mode",
    "cost[min(3, stock)] + price[mode] * rate - way[0, 'idle']",
    "round(exp(-0.5 * stock) * 10) // 2 + floor(sqrt(abs(order)))",
    "-stock ** 2 % 7 if 0 <= stock < 5 or not order else clip(stock, 1, 4) / 3",
    "sign(stock - order) * ceil(log(1 + stock))",
)
ATTACKS = (
    f"__import__('os').system('touch {CANARY}')",
    f"open('{CANARY}', 'w')",
    "().__class__.__bases__[0].__subclasses__()",
    "(lambda: 1)()",
    "[x for x in (1,)]",
    "{**stock}",
    "f'{stock!r:>{order}}'",
    "stock.__class__",
    "(x := 9)",
    "await stock",
    "yield",
    "print(stock)",
    "eval('1')",
    "exec",
    "cost.__getitem__(0)",
    "cost[0:2]",
    "cost[...]",
    "cost[cost]",
    "way[0]",
    "way[*stock]",
    "min(*stock, **order)",
    "9 ** 9 ** 9 ** 9",
    "2 ** 100000",
    "1e999",
    "1" * 5000,
    "0x" + "f" * 900,
    "1_000_000_000_000e300 * 1e300",
    "nan + inf",
    "(" * 300 + "1" + ")" * 300,
    "not " * 240 + "1",
    "-" * 990 + "1",
    "stock if " * 60 + "1",
    "1 if 1 else " * 70 + "1",
    "max(" * 150 + "1" + ")" * 150,
    "\uff53tock + \u0455tock",
    "m\u0131n(1, 2)",
    "\U0001d4bc + \u2075",
    "stock\x0c+\x0border",
    "'idle' 'busy' == mode",
    "b'idle'",
    "'\\x69dle' == mode",
    "1j * 3j",
    "... + None",
    "True is False",
    "stock in cost",
    "1 <" * 200 + " 2",
    "stock @ order",
    "'%s' % stock",
    "# only a comment",
    "1 # comment",
    "1\\\n+2",
    "\x00",
    "\ufeff1",
    "print",
    "TODO",
    "",
)
YAML_ATTACKS = (
    "a: &a [x, x]\nb: *a\n",
    "l1: &l1 [lol, lol]\nl2: &l2 [*l1, *l1]\nl3: [*l2, *l2]\n",
    f"!!python/object/apply:os.system ['touch {CANARY}']\n",
    f"extra: !!python/object/new:subprocess.Popen [['touch', '{CANARY}']]\n",
    "<<: {a: 1}\n",
    "state: {x: {from: 0, to: 1000000000000000000}}\n",
    "state: {x: {from: -1000000000000000, to: 1000000000000000}}\n",
    "state: {x: {low: -.inf, high: .nan}}\n",
    "state: {x: {low: 0, high: 1e308, points: 1000000}}\n",
    "exogenous: {d: {uniform: {from: 0, to: 1000000000}}}\n",
    "exogenous: {d: {geometric: 0.000001}}\n",
    "exogenous: {d: {normal: {mean: 1e9, sd: 1e6}}}\n",
    "exogenous: {d: {poisson: 1e6, truncate: 1e-15}}\n",
    "exogenous: {d: {binomial: {n: 1000000, p: 0.5}}}\n",
    "exogenous: {d: {normal: {mean: 0, sd: 0.000001, step: 1e9}}}\n",
    "exogenous: {d: {empirical: {csv: ../../../../etc/passwd, column: root}}}\n",
    "exogenous: {d: {empirical: {csv: /etc/passwd, column: root}}}\n",
    "exogenous: {d: {empirical: {csv: demand.csv, column: units}}}\n",
    "exogenous: {d: {empirical: {csv: /dev/zero, column: units}}}\n",
    "exogenous: {d: {empirical: {csv: '', column: ''}}}\n",
    "exogenous: {d: {values: {0: 1e-320, 1: 1}}}\n",
    "tables: {t: [[[[1]]]]}\n",
    "tables: {t: {}}\n",
    "tables: {t: [[1, 2], [3]]}\n",
    "tables: {t: [" + "1, " * 5000 + "1]}\n",
    "tables: {t: [" + "[], " * 300 + "[]]}\n",
    "units: {stock: 'm^99999', x: '1/1/1', order: 'per per'}\n",
    "horizon: 99999999999999999999\n",
    "discount: 1e-400\n",
    "start: [{stock: 1, probability: 2}]\n",
    "start: {stock: {poisson: 1e5}}\n",
    "start: {stock: {from: 0, to: 99999999}}\n",
    "invariants: [" + "'stock >= 0', " * 300 + "true]\n",
    "observation: {" + ", ".join(f"o{n}: stock" for n in range(400)) + "}\n",
    "reward: {" + ", ".join(f"r{n}: 'stock + nothing{n}'" for n in range(700)) + "}\n",
    "next: [" * 30 + "]" * 30 + "\n",
    "? [a, b]\n: 1\n",
    'name: "\\ud800"\n',
    "\t- tab\n",
    "--- \n...\n---\n",
)
BASE = """\
scoper_mdp: 1
name: One product
discount: 0.95
state: {stock: {from: 0, to: 6}, mode: {values: [idle, busy]}}
actions: {order: {from: 0, to: 3}}
exogenous: {demand: {poisson: 1.5, truncate: 1e-4}}
tables: {cost: [1, 2, 3, 4], price: {idle: 3, busy: 5}, way: [[1, 2], [3, 4]], rate: 2.5}
next: {stock: "max(0, stock + order - demand)", mode: "busy if order > 1 else idle"}
reward: {sales: "price[mode] * min(stock, demand)", buying: "-cost[order] * rate"}
objective: {expression: "sales + buying", direction: maximise}
terminated: "stock == 6 and mode == busy"
available: "order <= 6 - stock or order == 0"
bounds: hold
invariants: ["stock >= 0", "next_stock <= stock + order"]
observation: [stock]
units: {stock: pieces, order: pieces, demand: pieces, price: EUR/piece, sales: EUR, buying: EUR}
start: [{stock: 1, mode: idle, probability: 0.5}, {stock: 2, mode: busy, probability: 0.5}]
baselines: {lazy: {order: 0}}
"""
VARIANTS = (
    (
        "{poisson: 1.5, truncate: 1e-4}",
        (
            "{values: {0: 0.25, 1: 0.5, 3: 0.25}}",
            "{binomial: {n: 3, p: 0.3}}",
            "{geometric: 0.6, truncate: 0.01}",
            "{uniform: {from: 0, to: 2}}",
            "{uniform: {low: 0.0, high: 2.0, points: 3}}",
            "{normal: {mean: 1, sd: 0.5}}",
            "{normal: {mean: 1, sd: 0.5, step: 0.5}}",
            "{empirical: [0, 1, 1]}",
            "{empirical: {csv: demand.csv, column: units}}",
        ),
    ),
    ("discount: 0.95", ("discount: 1", "discount: 0", "discount: 1\nhorizon: 5")),
    ("bounds: hold", ("bounds: strict",)),
    ("{from: 0, to: 6}", ("{values: [0, 1, 2, 6]}", "{low: 0.0, high: 6.0, points: 4}", "{low: 0, high: 6}")),
    ("{from: 0, to: 3}", ("{values: [0, 3]}", "{low: 0.0, high: 3.0, points: 3}", "{from: 1, to: 1}")),
    ("order <= 6 - stock or order == 0", ("order <= 6 - stock", "stock < 5", "mode == idle", "false")),
    ("[{stock: 1, mode: idle, probability: 0.5}", ("[{stock: 0, mode: busy, probability: 0.5}",)),
)
