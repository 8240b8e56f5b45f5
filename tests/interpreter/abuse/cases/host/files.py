# Of the host's files none is there that belongs to a person or a service.
# prints: []
import os

places = ["/root", "/home", "/work", "/var", "/srv", "/run", "/sys", "/boot", "/host", "/.host", "/opt/../root", "/etc/shadow",
          "/etc/ssh", "/etc/machine-id", "/etc/resolv.conf.d", "/etc/hostname", "/media", "/dev/sda", "/dev/vda", "/dev/fuse", "/dev/kvm",
          "/dev/pts", "/dev/ptmx", "/dev/tty", "/dev/loop0", "/dev/net", "/proc/1/root/etc", "/proc/1/cwd", "/proc/self/cwd/../../root"]
print([place for place in places if os.path.exists(place)])
