"""The command line: one file per command, `print` nowhere else. Each command module has

- `SUMMARY`: one line for `formulate --help`, `EXAMPLE`: one command line that works,
- `configure(parser)`: adds its arguments, `run(options) -> int`: does the work and gives the exit code.

Commands are found through the entry-point group `formulate.commands`, so higher floors can add theirs.
Heavy imports belong inside `run`.
"""
