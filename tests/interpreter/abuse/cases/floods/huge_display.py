# A displayed value of many megabytes is cut.
# prints: done


class Huge:
    def _repr_html_(self):
        return "x" * 40_000_000


display(Huge())
print("done")
