"""Graphs that colour refinement does not tell apart, as covering models."""

from __future__ import annotations

import itertools
import random

from tests.property.equivalence_making import INF, Plain

Edges = list[tuple[int, int]]


def covering(n: int, edges: Edges, rng: random.Random | None = None) -> Plain:
    """min sum x, x_u + x_v >= 1 over the edges; nodes renumbered and edges shuffled by `rng`."""
    to = list(range(n))
    if rng is not None:
        rng.shuffle(to)
        edges = rng.sample(edges, len(edges))
    rows = [([(to[u], 1.0), (to[v], 1.0)], 1.0, INF) for u, v in edges]
    return Plain([(1, 0.0, 1.0, 1.0)] * n, rows)


def cycle(*lengths: int) -> tuple[int, Edges]:
    """Cycles side by side."""
    edges, base = [], 0
    for k in lengths:
        edges += [(base + i, base + (i + 1) % k) for i in range(k)]
        base += k
    return base, edges


def cfi(n: int, edges: Edges, twist: bool) -> tuple[int, Edges]:
    """The graph of Cai, Fuerer and Immerman over a base graph; twisted on its first edge."""
    number: dict[object, int] = {}
    at = lambda what: number.setdefault(what, len(number))  # noqa: E731
    found: Edges = []
    for v in range(n):
        own = [e for e in edges if v in e]
        for k in range(0, len(own) + 1, 2):
            for chosen in itertools.combinations(own, k):
                for e in own:
                    found.append((at((v, chosen)), at((v, e, e in chosen))))
    for e in edges:
        for bit in (False, True):
            other = bit != (twist and e == edges[0])
            found.append((at((e[0], e, bit)), at((e[1], e, other))))
    return len(number), found


def beside(*parts: tuple[int, Edges]) -> tuple[int, Edges]:
    """Graphs side by side."""
    base, edges = 0, []
    for n, own in parts:
        edges += [(base + u, base + v) for u, v in own]
        base += n
    return base, edges


def cubic(n: int, seed: int) -> tuple[int, Edges]:
    """A random cubic graph: a cycle with a matching of its nodes."""
    rng = random.Random(seed)
    ring = {tuple(sorted((i, (i + 1) % n))) for i in range(n)}
    while True:
        nodes = rng.sample(range(n), n)
        chords = {tuple(sorted(pair)) for pair in zip(nodes[::2], nodes[1::2])}
        if not chords & ring:
            return n, sorted(ring | chords)  # type: ignore[arg-type]


def torus(rows: int, columns: int) -> tuple[int, Edges]:
    """A grid that closes in both directions."""
    at = lambda i, j: (i % rows) * columns + j % columns  # noqa: E731
    cells = itertools.product(range(rows), range(columns))
    return rows * columns, [(at(i, j), at(i + di, j + dj)) for i, j in cells for di, dj in ((0, 1), (1, 0))]


COMPLETE4 = (4, list(itertools.combinations(range(4), 2)))
BIPARTITE33 = (6, [(i, 3 + j) for i in range(3) for j in range(3)])
PETERSEN = (10, [(i, (i + 1) % 5) for i in range(5)] + [(i, i + 5) for i in range(5)]
            + [(5 + i, 5 + (i + 2) % 5) for i in range(5)])  # fmt: skip
PRISM20 = (20, [(i, (i + 1) % 10) for i in range(10)] + [(10 + i, 10 + (i + 1) % 10) for i in range(10)]
           + [(i, 10 + i) for i in range(10)])  # fmt: skip


def cayley44(steps: list[tuple[int, int]]) -> tuple[int, Edges]:
    """A Cayley graph of Z4 x Z4."""
    edges = set()
    for x, y in itertools.product(range(4), repeat=2):
        for dx, dy in steps:
            one, two = 4 * x + y, 4 * ((x + dx) % 4) + (y + dy) % 4
            edges.add((min(one, two), max(one, two)))
    return 16, sorted(edges)


ROOK = cayley44([(0, 1), (0, 2), (1, 0), (2, 0)])
SHRIKHANDE = cayley44([(0, 1), (1, 0), (1, 1)])
"""Both strongly regular (16, 6, 2, 2)."""


def latin(square: list[list[int]]) -> tuple[int, Edges]:
    """The graph of a Latin square: cells in one row, one column or with one symbol are joined."""
    n = len(square)
    cells = [(i, j) for i in range(n) for j in range(n)]
    edges = [
        (a, b) for (a, (i, j)), (b, (k, m)) in itertools.combinations(enumerate(cells), 2)
        if i == k or j == m or square[i][j] == square[k][m]
    ]  # fmt: skip
    return n * n, edges


CYCLIC5 = latin([[(i + j) % 5 for j in range(5)] for i in range(5)])
OTHER5 = latin([[0, 1, 2, 3, 4], [1, 0, 3, 4, 2], [2, 3, 4, 0, 1], [3, 4, 1, 2, 0], [4, 2, 0, 1, 3]])
"""Both strongly regular (25, 12, 5, 6)."""


def triangular8(switched: Edges) -> tuple[int, Edges]:
    """The triangular graph T(8), or a Chang graph: switched at the pairs that `switched` lists."""
    pairs = list(itertools.combinations(range(8), 2))
    inside = {pairs.index((min(p), max(p))) for p in switched}
    edges = []
    for (a, p), (b, q) in itertools.combinations(enumerate(pairs), 2):
        joined = bool(set(p) & set(q)) != ((a in inside) != (b in inside))
        if joined:
            edges.append((a, b))
    return 28, edges


T8 = triangular8([])
CHANG1 = triangular8([(0, 1), (2, 3), (4, 5), (6, 7)])
CHANG2 = triangular8([(i, (i + 1) % 8) for i in range(8)])
CHANG3 = triangular8([(0, 1), (1, 2), (2, 0), *((3 + i, 3 + (i + 1) % 5) for i in range(5))])
"""All strongly regular (28, 12, 6, 4)."""
