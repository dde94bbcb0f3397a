"""Write the published JSON Schemas beside this file."""

from pathlib import Path

from solvers.schema.jsonschema import published

if __name__ == "__main__":
    for file_name, content in published().items():
        (Path(__file__).parent / file_name).write_text(content, encoding="utf-8")
