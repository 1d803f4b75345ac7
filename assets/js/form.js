// Forms: a second click does nothing, what was typed survives a lost session, errors get the focus.

const kept = (form) => form.dataset.keep && `loanward:${location.pathname}:${form.dataset.keep}`;
const worth = (field) => field.name && !field.name.startsWith("_") && !["password", "hidden", "file"].includes(field.type);

// Double submit: the button is busy until the answer comes; the server's once-key is the real guard.
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  form.querySelectorAll("button[type=submit], button:not([type])").forEach((one) => one.setAttribute("aria-busy", "true"));
  const key = kept(form);
  if (key) sessionStorage.setItem(`${key}:sent`, "1");
});
// Coming back by the back button, the form can be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((one) => one.removeAttribute("aria-busy"));
  }
});

// Unsaved entries are kept in this tab (never identity numbers or passwords: mark those data-private).
for (const form of document.querySelectorAll("form[data-keep]")) {
  const key = kept(form);
  const fields = [...form.elements].filter((field) => worth(field) && !("private" in field.dataset));
  const saved = JSON.parse(sessionStorage.getItem(key) ?? "null");
  // A form that comes back with errors already shows what was typed.
  if (saved && !form.querySelector(".bad")) {
    for (const field of fields) {
      if (!(field.name in saved)) continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = saved[field.name].includes(field.value);
      else if (!field.value) field.value = saved[field.name][0];
    }
  }
  form.addEventListener("input", () => {
    const values = {};
    for (const [name, value] of new FormData(form)) {
      if (fields.some((field) => field.name === name)) (values[name] ??= []).push(value);
    }
    sessionStorage.setItem(key, JSON.stringify(values));
  });
}
// Once the answer to a sent form is another page, nothing needs keeping.
for (const key of Object.keys(sessionStorage)) {
  if (!key.endsWith(":sent")) continue;
  const form = key.slice(0, -5);
  const here = [...document.querySelectorAll("form[data-keep]")].some((one) => kept(one) === form);
  if (!here) sessionStorage.removeItem(form);
  sessionStorage.removeItem(key);
}

// The summary of errors is read first; a sum is written with thousands when it is left.
document.querySelector("[data-focus]")?.focus();
addEventListener("focusout", (event) => {
  const field = event.target;
  if (!field.matches?.("input[data-money]")) return;
  const plain = field.value.replace(/[,，\s]/g, "");
  const parts = /^([-−]?)(\d+)(?:\.(\d{1,2}))?$/.exec(plain);
  if (!parts) return;
  field.value = `${parts[1]}${parts[2].replace(/\B(?=(\d{3})+$)/g, ",")}.${(parts[3] ?? "").padEnd(2, "0")}`;
});

// Dates are typed as 2026-11-20 or 20261120; a finger gets the calendar of its phone.
for (const field of document.querySelectorAll("input[data-date]")) {
  if (matchMedia("(pointer: coarse)").matches) field.type = "date";
}
addEventListener("focusout", (event) => {
  const field = event.target;
  const parts = field.matches?.("input[data-date][type=text]") && /^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?$/.exec(field.value.trim());
  if (parts) field.value = `${parts[1]}-${parts[2].padStart(2, "0")}-${parts[3].padStart(2, "0")}`;
});
