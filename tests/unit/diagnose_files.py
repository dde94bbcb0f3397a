"""Formulations that the tests of diagnosis share."""

from __future__ import annotations

from pathlib import Path

TRANSPORT = Path(__file__).resolve().parent / "diagnose_data" / "transport.yaml"
