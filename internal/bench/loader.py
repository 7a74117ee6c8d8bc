"""The plain loader that most cost tools have: csv, a row at a time, and COPY."""
import csv
import gzip
import json
import subprocess
import sys

report, psql, url, table = sys.argv[1:5]
columns = json.loads(sys.argv[5])

copy = subprocess.Popen(
    [psql, "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", f"COPY {table} FROM STDIN (FORMAT csv)"],
    stdin=subprocess.PIPE, text=True, encoding="utf-8")
with gzip.open(report, "rt", encoding="utf-8", newline="") as source:
    writer = csv.writer(copy.stdin)
    tags = None
    for row in csv.DictReader(source):
        if tags is None:
            tags = [name for name in row if name.startswith("resourceTags/user:")]
        kept = [row[name] for name in columns]
        kept.append(json.dumps({name.split(":", 1)[1]: row[name] for name in tags if row[name]}))
        writer.writerow(kept)
copy.stdin.close()
sys.exit(copy.wait())
