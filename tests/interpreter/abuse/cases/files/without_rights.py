# Files and folders that nobody may read are collected all the same.
# makes: closed/secret.txt
import os

os.mkdir("closed")
with open("closed/secret.txt", "w") as file:
    file.write("x")
os.chmod("closed/secret.txt", 0)
os.chmod("closed", 0)
os.chmod("/mnt/data", 0)
