"""Host names of our own, for the processes that are started with `prefix`.

They see our hosts file and our resolv.conf in place of the machine's, in a mount namespace of each. Without root that is
a user namespace too.
"""

import os
import shlex

# Nobody answers there, and the kernel says so at once.
NO_NAME_SERVER = "127.0.0.1"


class Hosts:
    def __init__(self, world, name_server=NO_NAME_SERVER, **addresses):
        directory = world.subdirectory("hosts")
        self._hosts, resolv_conf = directory / "hosts", directory / "resolv.conf"
        self.set(**addresses)
        resolv_conf.write_text(f"nameserver {name_server}\n")
        bind = f"mount --bind {shlex.quote(str(self._hosts))} /etc/hosts"
        bind += f" && mount --bind {shlex.quote(str(resolv_conf))} /etc/resolv.conf"
        rights = [] if os.geteuid() == 0 else ["--map-root-user"]
        self.prefix = ["unshare", *rights, "--mount", "sh", "-c", f'{bind} && exec "$@"', "sh"]

    def set(self, **addresses):
        """From now on these are all the names there are. `db1` is the host name db1.test."""
        lines = ["127.0.0.1 localhost", *(f"{address} {name}.test" for name, address in addresses.items())]
        self._hosts.write_text("\n".join(lines) + "\n")
