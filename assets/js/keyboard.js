// Keys: J/K move over rows, Enter opens, X selects, / goes to the filters, Ctrl K to the search.
// A key shown on a button (data-key) presses it. Nothing happens while somebody types.

const rows = () => [...document.querySelectorAll("tr[data-href]")].filter((row) => row.offsetParent);
const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

function move(step) {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((row) => row.classList.contains("at"));
  const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
  all[now]?.classList.remove("at");
  next.classList.add("at");
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

const current = () => document.querySelector("tr.at");

/** The verb of a row, else its page. */
function open(row) {
  const verb = row.querySelector("[data-verb]");
  if (verb) verb.click();
  else if (row.dataset.href && row.dataset.href !== "#") location.assign(row.dataset.href);
}

function press(name) {
  const wanted = [...document.querySelectorAll("[data-key]")].find(
    (one) => one.dataset.key.toLowerCase() === name && one.offsetParent && !one.disabled,
  );
  wanted?.click();
  return Boolean(wanted);
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  x: () => current()?.querySelector(".pick input")?.click(),
  "/": () => document.querySelector(".chip summary, .chips input")?.focus(),
  Enter: () => current() && open(current()),
};

addEventListener("keydown", (event) => {
  const name = event.key;
  if ((event.ctrlKey || event.metaKey) && name.toLowerCase() === "k") {
    event.preventDefault();
    document.getElementById("search")?.select();
    document.getElementById("search")?.focus();
    return;
  }
  if ((event.ctrlKey || event.metaKey) && name === "Enter") {
    if (press("ctrl enter")) event.preventDefault();
    else event.target.form?.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target)) {
    nextField(event);
    return;
  }
  if (name === "Enter" && event.target.closest("a, button, summary, input")) return;
  const action = keys[name.length === 1 ? name.toLowerCase() : name];
  if (action) {
    event.preventDefault();
    action();
  } else if (name.length === 1 && press(name.toLowerCase())) {
    event.preventDefault();
  }
});

/** In an entry form Enter goes to the next field, on the last one it submits. */
function nextField(event) {
  const form = event.target.closest("form[data-entry]");
  if (event.key !== "Enter" || !form || event.target.tagName === "TEXTAREA") return;
  const fields = [...form.querySelectorAll("input:not([type=hidden]), select, textarea, button[type=submit]")];
  const next = fields[fields.indexOf(event.target) + 1];
  if (next && next.type !== "submit") {
    event.preventDefault();
    next.focus();
  }
}

// A click on a row opens it, unless it met something of its own or text was being selected.
addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-href]");
  if (!row || event.target.closest("a, button, input, label, summary, .pick") || String(getSelection())) return;
  open(row);
});

// Boxes that open over the page close by Esc and by a click elsewhere.
const boxes = "details.menu[open], .chip details[open]";
addEventListener("click", (event) => {
  for (const box of document.querySelectorAll(boxes)) if (!box.contains(event.target)) box.open = false;
});
addEventListener("keydown", (event) => {
  const box = event.key === "Escape" && document.querySelector(boxes);
  if (!box) return;
  event.stopImmediatePropagation();
  box.open = false;
  box.querySelector("summary").focus();
});
