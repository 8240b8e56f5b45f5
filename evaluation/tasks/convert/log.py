# Question: Turn this web server's log into a table requests.csv with the columns ip, time, path, status and bytes.
#   How many requests got the status 404?
# Attached: access.log

from checking import given, number, same, table

lines = given("access.log").read_text().splitlines()
frame = table(".csv", ["ip", "time", "path", "status", "bytes"], rows=len(lines))
same(frame["status"], [int(line.split()[8]) for line in lines], "the statuses", tolerance=0)
same(frame["bytes"], [int(line.split()[9]) for line in lines], "the bytes", tolerance=0)
number((frame["status"] == 404).sum(), "how many got 404", tolerance=0)
