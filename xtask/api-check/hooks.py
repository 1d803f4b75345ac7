"""Real ids for `cargo xtask api-check`: what stands in the paths is taken from the book that the server shows.

The lists are asked once, before the run; every second request of an operation with parameters in its path then goes to
a thing that exists, the others to what schemathesis invents.
"""

import json
import os
import urllib.request

import schemathesis

BASE = os.environ["LOANWARD_URL"].rstrip("/") + "/api/v1"
TOKEN = os.environ["LOANWARD_TOKEN"]
#: The lists whose rows lead to things: the beginning of a path, and where its rows are.
LISTS = {
    "/loans/{id}": ["/loans?view=overdue&size=50", "/loans?size=50"],
    "/customers/{id}": ["/customers?size=50"],
    "/users/{id}": ["/users?size=50"],
    "/duties/{customer}/{id}": ["/duties?size=50"],
    "/approvals/{customer}/{id}": ["/approvals?view=mine&size=50", "/approvals?size=50"],
    "/collections/cases/{id}": ["/collections/cases?size=50"],
    "/letters/{id}": ["/collections/letters?size=50"],
    "/collections/conduct/{customer}/{finding}": ["/collections/conduct?size=50"],
    "/webhooks/{id}": ["/webhooks"],
    "/outbox/{id}": ["/outbox"],
    "/exports/{id}": ["/exports"],
}
#: Words that paths take.
WORDS = {
    "figure": ["book", "overdue-rate", "npl-ratio", "collected", "new-overdue"],
    "what": ["overdue", "principal", "class"],
    "axis": ["credit_grade", "customer_class"],
    "group": ["credit", "work", "income"],
    "item": ["credit_record"],
    "form": ["xlsx", "csv", "dmn"],
}


def get(path):
    request = urllib.request.Request(BASE + path, headers={"Authorization": f"Bearer {TOKEN}"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
    except OSError:
        return {}


def names(template):
    return [part[1:-1] for part in template.split("/") if part.startswith("{")]


def read(template, location):
    """The parameters of a path, read off a place of the same form."""
    wanted, given = template.split("/"), location.removeprefix("/api/v1").split("/")
    if len(given) < len(wanted):
        return None
    return {w[1:-1]: g for w, g in zip(wanted, given) if w.startswith("{")}


def pools():
    found = {}
    for template, lists in LISTS.items():
        rows = [row for path in lists for row in get(path).get("rows", [])]
        places = [read(template, row["location"]) for row in rows if row.get("location", None)]
        found[template] = [place for place in places if place]
    loans = found.get("/loans/{id}", [])[:20]
    transactions = []
    for loan in loans:
        told = get(f"/loans/{loan['id']}").get("transactions", [])
        transactions += [{"id": loan["id"], "transaction": one["id"]} for one in told if one["kind"] == "repay"]
    found["/loans/{id}/transactions/{transaction}"] = transactions
    policies = get("/policies")
    tables = [{"id": one["id"]} for one in policies.get("tables", [])]
    versions = [{"id": one["id"]} for one in policies.get("versions", []) if one["state"] == "approved"]
    found["/policies/tables/{id}"] = tables
    found["/policies/versions/{id}"] = versions
    found["/policies/versions/{id}/tables/{decision}"] = [
        {"id": v["id"], "decision": t["id"]} for v in versions for t in tables
    ]
    found["/policies/articles/{id}"] = [{"id": one["id"]} for one in policies.get("articles", [])]
    found["/policies/drafts/{id}"] = [{"id": one["id"]} for one in policies.get("drafts", [])]
    found["/import/{id}"] = [{"id": one["id"]} for one in get("/import") or []]
    found["/repayments/batches/{id}"] = [{"id": one["id"]} for one in get("/repayments/batches") or []]
    return {template: pool for template, pool in found.items() if pool}


POOLS = pools()
TURN = {}


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Puts a real thing into every second path; the longest known beginning counts."""
    path = context.operation.path.removeprefix("/api/v1")
    if not path_parameters:
        return path_parameters
    TURN[path] = turn = TURN.get(path, -1) + 1
    if turn % 2:
        return path_parameters
    fitting = [template for template in POOLS if path == template or path.startswith(template + "/")]
    changed = dict(path_parameters)
    if fitting:
        pool = POOLS[max(fitting, key=len)]
        changed.update(pool[(turn // 2) % len(pool)])
    for name in names(path):
        if name in WORDS and name in changed:
            changed[name] = WORDS[name][(turn // 2) % len(WORDS[name])]
    return changed
