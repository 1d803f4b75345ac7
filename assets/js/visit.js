// Records of visits: what is typed stays in this browser until it was sent, and is sent once, be the connection gone or not.

const START = "loanward-visit:";
const read = (key) => JSON.parse(localStorage.getItem(key) ?? "null");
const drop = (wanted) => Object.keys(localStorage).filter((key) => key.startsWith(START) && wanted(key)).forEach((key) => localStorage.removeItem(key));

// Nothing is left behind by who logs out.
addEventListener("submit", (event) => {
  if (new URL(event.target.action, location.href).pathname === "/logout") drop(() => true);
}, true);

const form = document.querySelector("form[data-draft]");
const here = form && `${START}${form.dataset.draft}`;
// Only a page that shows the record is proof that it arrived.
for (const mark of document.querySelectorAll("[data-draft-done]")) localStorage.removeItem(`${START}${mark.dataset.draftDone}`);
// Whoever uses this browser now sees no draft of somebody else.
const person = document.querySelector("[data-draft-person]")?.dataset.draftPerson ?? form?.dataset.draft.split(":")[0];
if (person) drop((key) => !key.startsWith(`${START}${person}:`));

for (const mark of document.querySelectorAll("[data-draft-of]")) {
  mark.hidden = !localStorage.getItem(`${START}${mark.dataset.draftOf}`);
}

if (form) {
  const once = form.querySelector("input[name=_once]");
  const fields = [...form.elements].filter((field) => field.name && !field.name.startsWith("_") && field.type !== "file");
  const say = (state) => form.querySelectorAll("[data-said]").forEach((one) => { one.hidden = one.dataset.said !== state; });
  const saved = read(here);
  if (saved) {
    // The key of the first try goes along with every other one: what arrived twice is recorded once.
    if (saved.once && !form.querySelector(".bad")) once.value = saved.once;
    if (!form.querySelector(".bad")) {
      for (const field of fields) {
        const values = saved.values[field.name];
        if (field.type === "checkbox" || field.type === "radio") field.checked = values?.includes(field.value) ?? false;
        else if (values) field.value = values[0];
      }
      say("kept");
    }
  }
  const keep = () => {
    const values = {};
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && !name.startsWith("_")) (values[name] ??= []).push(value);
    }
    localStorage.setItem(here, JSON.stringify({ values, once: once.value }));
  };
  // A form that came back with complaints was not recorded: its key is a new one.
  form.addEventListener("input", () => keep());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    keep();
    const there = await fetch("/healthz", { cache: "no-store" }).then((answer) => answer.ok, () => false);
    if (!there) {
      say("offline");
      return;
    }
    form.submit();
  });
  addEventListener("online", () => { if (localStorage.getItem(here)) say("online"); });
}
