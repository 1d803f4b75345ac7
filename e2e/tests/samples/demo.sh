#!/bin/sh
# Stands in for `loanward demo --port 0 --data DIR`: makes a book where there is none, then serves.
if [ ! -f "$5/book" ]; then
    echo made >> "$5/../made"
    echo loans > "$5/book"
fi
echo "listening on http://127.0.0.1:4711"
exec sleep 60
