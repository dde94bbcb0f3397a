"""Documents: the canonical form for people and files, the flat wire form for structured output, JSON Schemas."""

from solvers.schema.canonical import dumps, from_dict, loads, read_formulation, to_dict, write_formulation
from solvers.schema.jsonschema import canonical_json_schema, wire_json_schema
from solvers.schema.wire import from_wire, to_wire

__all__ = [
    "canonical_json_schema", "dumps", "from_dict", "from_wire", "loads", "read_formulation", "to_dict", "to_wire",
    "wire_json_schema", "write_formulation",
]
