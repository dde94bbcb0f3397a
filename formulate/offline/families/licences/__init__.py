"""The turns of speech that each family knows: what its texts say in words, without saying anything new.

Found in the open texts of each class (2,000 of them) and licensed as language, never by item; see `wording`.
"""

from __future__ import annotations

from formulate.offline.families.licences.choice import KNAPSACK, PACKING
from formulate.offline.families.licences.mixes import ABATEMENT, BLEND, DIET, PORTFOLIO, SHARES
from formulate.offline.families.licences.networks import FACILITY, FLOW, MAXIMUM_FLOW, PRODUCT_MIX, RELOCATION
from formulate.offline.families.licences.routes import JOB_SHOP, TOUR
from formulate.offline.families.licences.stock import INVENTORY

__all__ = [
    "ABATEMENT",
    "BLEND",
    "DIET",
    "FACILITY",
    "FLOW",
    "INVENTORY",
    "JOB_SHOP",
    "KNAPSACK",
    "MAXIMUM_FLOW",
    "PACKING",
    "PORTFOLIO",
    "PRODUCT_MIX",
    "RELOCATION",
    "SHARES",
    "TOUR",
]
