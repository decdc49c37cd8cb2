# Per line of input: one inventory of every domain, the way scripts do it, over a connection that stays open. Answers with the seconds it took.
import sys
import time

import libvirt

connection = libvirt.open(sys.argv[1])
for _ in sys.stdin:
    begin = time.perf_counter()
    found = []
    for domain in connection.listAllDomains():
        state, _, memory, cpus, _ = domain.info()
        found.append((domain.name(), state, memory, cpus, domain.XMLDesc()))
    print(time.perf_counter() - begin, len(found), flush=True)
