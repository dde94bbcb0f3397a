"""The filter of system calls, run by an interpreter of our own, on both machines that have a table."""

from __future__ import annotations

import errno
import struct

import pytest

from solvers.sandbox.jail import seccomp, syscalls

ALLOW, NOTIFY, KILL = 0x7FFF_0000, 0x7FC0_0000, 0x8000_0000
EPERM, ENOSYS = 0x0005_0000 | errno.EPERM, 0x0005_0000 | errno.ENOSYS
HARMLESS = {
    "x86_64": {"read": 0, "write": 1, "mmap": 9, "futex": 202, "openat": 257, "exit_group": 231, "set_robust_list": 273},
    "aarch64": {"read": 63, "write": 64, "mmap": 222, "futex": 98, "openat": 56, "exit_group": 94, "set_robust_list": 99},
}
OWN = 41


def answer(code: bytes, number: int, arguments: tuple[int, ...] = (), arch: int = 0) -> int:
    """What a classic BPF program returns for a call (Linux Documentation/networking/filter.rst)."""
    data = struct.pack("=IIQ6Q", number, arch, 0, *(arguments + (0,) * 6)[:6])
    steps = [struct.unpack_from("=HBBI", code, at) for at in range(0, len(code), 8)]
    loaded, at = 0, 0
    while True:
        operation, yes, no, value = steps[at]
        at += 1
        if operation == 0x20:
            (loaded,) = struct.unpack_from("=I", data, value)
        elif operation == 0x06:
            return value
        elif operation == 0x05:
            at += value
        else:
            holds = {0x15: loaded == value, 0x25: loaded > value, 0x35: loaded >= value, 0x45: bool(loaded & value)}
            at += yes if holds[operation] else no


@pytest.fixture(params=["x86_64", "aarch64"])
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    name: str = request.param
    monkeypatch.setattr(seccomp, "MACHINE", name)
    monkeypatch.setattr(seccomp, "NUMBERS", syscalls._TABLES[name])
    return name


def program(listener: bool = True, metadata: bool = False) -> bytes:
    return seccomp.build.__wrapped__(OWN, listener=listener, metadata=metadata)


def test_every_call_has_the_answer_of_its_class(machine: str) -> None:
    arch, numbers = syscalls.AUDIT_ARCH[machine], syscalls._TABLES[machine]
    always = {numbers[name] for names in syscalls.REFUSED.values() for name in names if name in numbers}
    by_argument = {numbers[name] for name in (*seccomp.ONLY_SELF, *seccomp.SELF_OR_ZERO, "clone", "clone3")}
    for number in range(syscalls.LAST_KNOWN + 1):
        if number in always:
            assert answer(program(), number, arch=arch) == NOTIFY
            assert answer(program(listener=False), number, arch=arch) == EPERM
        elif number not in by_argument:
            assert answer(program(), number, arch=arch) == ALLOW
    assert not always & set(HARMLESS[machine].values())


def test_other_interfaces_of_the_kernel_are_closed(machine: str) -> None:
    arch = syscalls.AUDIT_ARCH[machine]
    for number in (syscalls.LAST_KNOWN + 1, 0x4000_0000, 0x4000_0029, 0xFFFF_FFFF):
        assert answer(program(), number, arch=arch) == ENOSYS
    for other in (0x4000_0003, 0x4000_0028, 0):
        assert answer(program(), 1, arch=other) == KILL


def test_calls_are_told_apart_by_their_arguments(machine: str) -> None:
    arch, numbers = syscalls.AUDIT_ARCH[machine], syscalls._TABLES[machine]

    def call(name: str, *arguments: int) -> int:
        return answer(program(), numbers[name], arguments, arch)

    assert call("clone3") == ENOSYS
    assert call("clone", 0x3D0F00) == ALLOW
    assert call("clone", 17) == call("clone", 0x1000_0000 | 17) == NOTIFY
    for name in seccomp.ONLY_SELF:
        assert call(name, OWN) == ALLOW
        assert call(name, 0) == call(name, 1) == call(name, 0xFFFF_FFFF) == NOTIFY
    for name in seccomp.SELF_OR_ZERO:
        assert call(name, OWN) == call(name, 0) == ALLOW
        assert call(name, 1) == NOTIFY
    assert call("prctl", 15) == ALLOW and call("prctl", 1) == NOTIFY
    assert call("ioctl", 1, 0x5401) == ALLOW and call("ioctl", 1, 0x5412) == NOTIFY
    assert call("fcntl", 1, 1030) == ALLOW and call("fcntl", 1, 8) == NOTIFY
    assert call("prctl", 4, 1) == NOTIFY and call("fcntl", 1, 1024) == NOTIFY and call("fcntl", 1, 1026) == NOTIFY


def test_changes_of_metadata_are_refused_where_files_are_not_mounted_read_only(machine: str) -> None:
    arch, numbers = syscalls.AUDIT_ARCH[machine], syscalls._TABLES[machine]
    for name in syscalls.METADATA:
        if name in numbers:
            assert answer(program(metadata=True), numbers[name], arch=arch) == NOTIFY
            assert answer(program(metadata=False), numbers[name], arch=arch) == ALLOW
