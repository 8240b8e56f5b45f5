# Of too many displayed values the first are shown.
# prints: done
for number in range(5000):
    display(number)
print("done")
