# Links of every sort lead nowhere: what they point to is neither read nor collected.
# left out: a_passwd: It is a link, and links are not followed.
# left out: b_self: It is a link, and links are not followed.
# left out: c_up: It is a link, and links are not followed.
# left out: d_loop: It is a link, and links are not followed.
# left out: e_folder: It is a link, and links are not followed.
# left out: f_magic: It is a link, and links are not followed.
# left out: g_root: It is a link, and links are not followed.
import os

os.symlink("/etc/passwd", "a_passwd")
os.symlink("/proc/self/environ", "b_self")
os.symlink("../../../../../etc/shadow", "c_up")
os.symlink("d_loop", "d_loop")
os.symlink("/", "e_folder")
os.symlink("/proc/self/fd/3", "f_magic")
os.symlink("/proc/1/root/etc/passwd", "g_root")
