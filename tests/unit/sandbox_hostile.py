"""Programs that mean harm, by name. `{host}`, `{port}`, `{secret}`, ... are filled in by the tests.

Each ends by printing `reached the end` where it can, and prints what it got hold of: `got ...`.
"""

from __future__ import annotations

READS = {
    "passwd": ("file", "print('got', open('/etc/passwd').read())"),
    "shadow": ("file", "print('got', open('/etc/shadow').read())"),
    "home": ("file", "import os\nprint('got', os.listdir({home!r}))"),
    "secret file": ("file", "print('got', open({secret!r}).read())"),
    "secret file by libc": ("", """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
descriptor = libc.open({secret!r}.encode(), 0)
assert descriptor >= 0, ctypes.get_errno()
buffer = ctypes.create_string_buffer(100)
libc.read(descriptor, buffer, 100)
print('got', buffer.value)
"""),
    "secret file by symbolic link": ("", "import os\nos.symlink({secret!r}, 'link')\nprint('got', open('link').read())"),
    "secret file by hard link": ("file", "import os\nos.link({secret!r}, 'link')\nprint('got', open('link').read())"),
    "secret file by working folder": ("file", "import os\nos.chdir({folder!r})\nprint('got', open('secret.txt').read())"),
    "environment of the parent": ("file", "import os\nprint('got', open(f'/proc/{{os.getppid()}}/environ').read())"),
    "environment of the host": ("file", "print('got', open('/proc/{host}/environ').read())"),
    "memory of the host": ("file", "print('got', open('/proc/{host}/mem', 'rb').read(1))"),
    "command line of the first": ("file", "print('got', open('/proc/1/cmdline').read())"),
    "root by escape": ("kernel", """
import os
os.mkdir('x')
os.chroot('x')
for _ in range(20): os.chdir('..')
os.chroot('.')
print('got', open('/etc/passwd').read())
"""),
}  # fmt: skip
"""Class of the refusal (`""`: what the kernel hides is not always seen to be asked for), source. None may print `got`."""

SENDS = {
    "tcp": ("network", "import socket\nsocket.create_connection(('127.0.0.1', {port})).sendall(b'x')\nprint('got through')"),
    "udp": ("network", """
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', {port_udp}))
print('got through')
"""),
    "unix": ("network", "import socket\nsocket.socket(socket.AF_UNIX).connect({unix!r})\nprint('got through')"),
    "abstract": ("network", "import socket\nsocket.socket(socket.AF_UNIX).connect('\\0{abstract}')\nprint('got through')"),
    "netlink": ("network", "import socket\nsocket.socket(16, socket.SOCK_RAW, 0)\nprint('made one')"),
    "tcp by libc": ("network", """
import ctypes
assert ctypes.CDLL(None).socket(2, 1, 0) >= 0
print('made one')
"""),
    "listening": ("network", "import socket\nsocket.socket().bind(('0.0.0.0', 0))\nprint('made one')"),
}  # fmt: skip

WRITES = {
    "beside": ("file", "open({folder!r} + '/dropped', 'w').write('x')\nprint('got it written')"),
    "over": ("file", "open({secret!r}, 'a').write('x')\nprint('got it written')"),
    "into the packages": ("file", "import numpy\nopen(numpy.__file__, 'a').write('\\n')\nprint('got it written')"),
    "into our package": ("file", "import solvers\nopen(solvers.__file__, 'a').write('\\n')\nprint('got it written')"),
    "remove": ("file", "import os\nos.remove({secret!r})\nprint('got it written')"),
    "rename": ("file", "import os\nos.rename({secret!r}, {folder!r} + '/other')\nprint('got it written')"),
    "modes": ("file", "import os\nos.chmod({secret!r}, 0o777)\nprint('got it written')"),
    "times": ("file", "import os\nos.utime({secret!r}, (1, 1))\nprint('got it written')"),
    "by symbolic link": ("", "import os\nos.symlink({secret!r}, 'link')\nopen('link', 'w').write('x')\nprint('got it written')"),
    "device": ("file", "open('/dev/vda', 'wb').write(b'x')\nprint('got it written')"),
    "kernel": ("file", "open('/proc/sys/kernel/hostname', 'w').write('x')\nprint('got it written')"),
    "remount": ("kernel", """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
assert libc.mount(b'none', b'/', None, 32, None) == 0
print('got it mounted')
"""),
}  # fmt: skip

KILLS = {
    "parent": ("signal", "import os\nos.kill(os.getppid(), 9)"),
    "host": ("signal", "import os\nos.kill({host}, 9)\nprint('got it killed')"),
    "everyone": ("signal", "import os\nos.kill(-1, 9)"),
    "host by libc": ("signal", "import ctypes\nassert ctypes.CDLL(None).kill({host}, 9) == 0\nprint('got it killed')"),
    "host by descriptor": ("process", "import os, signal\nsignal.pidfd_send_signal(os.pidfd_open({host}), 9)\nprint('got it killed')"),
    "host by owner of a pipe": ("signal", """
import fcntl, os
read, write = os.pipe()
fcntl.fcntl(read, fcntl.F_SETOWN, {host})
fcntl.fcntl(read, 10, 9)
fcntl.fcntl(read, fcntl.F_SETFL, fcntl.fcntl(read, fcntl.F_GETFL) | os.O_ASYNC)
os.write(write, b'x')
print('got it killed')
"""),
    "limits of the host": ("process", "import resource\nresource.prlimit({host}, resource.RLIMIT_CPU, (1, 1))\nprint('got them set')"),
    "trace of the host": ("process", "import ctypes\nassert ctypes.CDLL(None).ptrace(16, {host}, 0, 0) == 0\nprint('got it traced')"),
}  # fmt: skip

LAUNCHES = {
    "fork": ("process", "import os\nos.fork()"),
    "fork by number": ("process", "import ctypes\nif ctypes.CDLL(None).syscall({fork}, 17, 0, 0, 0, 0) < 0: raise OSError"),
    "shell": ("process", "import os\nif os.system('true'): raise OSError"),
    "subprocess": ("process", "import subprocess\nsubprocess.run(['/bin/true'], check=True)"),
    "spawn": ("process", "import os\nos.posix_spawn('/bin/true', ['true'], {{}})"),
    "execute": ("process", "import os, sys\nos.execv(sys.executable, [sys.executable, '-c', ''])"),
    "multiprocessing": ("", "import multiprocessing\nmultiprocessing.Pool(2)"),
    "memory as a program": ("memory", "import os\nos.memfd_create('x')"),
    "namespaces": ("kernel", "import ctypes\nif ctypes.CDLL(None).unshare(0x10000000): raise OSError"),
    "rings": ("kernel", "import ctypes\nif ctypes.CDLL(None).syscall(425, 1, 0) < 0: raise OSError"),
    "probes": ("kernel", "import ctypes\nif ctypes.CDLL(None).syscall({bpf}, 0, 0, 0) < 0: raise OSError"),
}  # fmt: skip
"""Under the whole jail each raises; none is let go on."""

DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 64)
        time.sleep(60)
    os._exit(0)
os.wait()
"""
FORK_BOMB = """
import os
for _ in range(11):
    try:
        os.fork()
    except OSError:
        pass
import time
time.sleep(30)
"""
HUGE = ["bytearray(100 << 30)", "[0] * (100 << 27)", """
import ctypes
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
if not libc.malloc(ctypes.c_size_t(100 << 30)): raise MemoryError
""", """
kept = []
while True: kept.append(bytearray(64 << 20))
""", "import numpy\nnumpy.ones(100 << 27)"]  # fmt: skip
ENDLESS_NATIVE = "sum(10 ** 9 ** 9 for _ in iter(int, 1))\n"
STUBBORN = """
import signal, threading
for number in range(1, 65):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
while True:
    try:
        while True: pass
    except BaseException: pass
"""
FLOOD = """
while True: print('x' * 10_000)
"""
FILL = """
n = 0
while True:
    with open(str(n), 'wb') as file:
        for _ in range(16): file.write(bytes(1 << 20))
    n += 1
"""
LEAVES = {
    "_exit": ("exit", "import os\nos._exit(7)"),
    "abort": ("killed", "import os\nos.abort()"),
    "fault": ("killed", "import ctypes\nctypes.string_at(0)"),
    "stack": ("killed", "import ctypes, sys\nsys.setrecursionlimit(10 ** 9)\nclass A:\n    def __repr__(self): return repr(self)\nrepr(A())"),
    "descriptors": ("exit", "import os\nos.closerange(0, 4096)"),
}  # fmt: skip
"""Kind of the error (any of those joined by |), source."""
