# No word of the bot or of the bystander is anywhere in this process's memory.
# prints: found []
import ctypes

# Backwards and, when looked for, without their first letters: this code itself is to hold none of them.
BACKWARDS = (b"a6f1c8 :sdrow nwo s'rednatsyb eht", b"6f1c8-tseretni-fo-nekot", b"=NEKOT_TOB")
words = [(word[-1], word[:-1][::-1]) for word in BACKWARDS]
found = []
for line in open("/proc/self/maps"):
    fields = line.split()
    if "r" not in fields[1] or fields[-1].startswith(("[vvar", "[vsyscall")):
        continue
    start, end = (int(part, 16) for part in fields[0].split("-"))
    data = ctypes.string_at(start, end - start)
    for first, rest in words:
        place = 0
        while (place := data.find(rest, place + 1)) != -1:
            if data[place - 1] == first:
                found.append((fields[-1], rest))
    del data
print("found", found)
