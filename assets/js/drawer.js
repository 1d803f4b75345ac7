// The drawer that answers "why": loads the derivation beside the page, keeps the row lit,
// holds the focus while it covers the page, and gives it back on Esc.

const drawer = document.getElementById("drawer");
const covering = () => !matchMedia("(min-width: 1366px)").matches;
let opener = null;

async function open(link) {
  mark(false);
  opener = link;
  mark(true);
  drawer.hidden = false;
  drawer.setAttribute("aria-busy", "true");
  document.body.classList.add("drawer-open");
  try {
    await htmx.ajax("GET", link.href, { target: "#drawer", swap: "innerHTML" });
  } finally {
    drawer.removeAttribute("aria-busy");
  }
  drawer.setAttribute("role", "dialog");
  drawer.setAttribute("aria-modal", String(covering()));
  drawer.focus();
}

function close() {
  if (drawer.hidden) return;
  drawer.hidden = true;
  drawer.replaceChildren();
  document.body.classList.remove("drawer-open");
  mark(false);
  opener?.focus();
  opener = null;
}

/** The button filled and its row lit while its figure is explained. */
function mark(on) {
  if (!opener) return;
  if (on) opener.setAttribute("aria-expanded", "true");
  else opener.removeAttribute("aria-expanded");
  opener.closest("tr")?.classList.toggle("lit", on);
}

if (drawer) {
  addEventListener("click", (event) => {
    if (event.target.closest("[data-drawer-close]")) close();
    const link = event.target.closest("a[data-drawer]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    // Inside the drawer an article opens as its own page, so that the derivation stays readable.
    if (drawer.contains(link) || !globalThis.htmx) return;
    event.preventDefault();
    if (link === opener) close();
    else open(link);
  });
  addEventListener("keydown", (event) => {
    if (drawer.hidden) return;
    if (event.key === "Escape") close();
    if (event.key === "Tab" && covering()) hold(event);
  });
}

function hold(event) {
  const stops = [...drawer.querySelectorAll("a[href], button:not(:disabled), input")];
  if (!stops.length) return;
  const [first, last] = [stops[0], stops.at(-1)];
  const inside = drawer.contains(document.activeElement);
  if (event.shiftKey ? document.activeElement === first || !inside : document.activeElement === last || !inside) {
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
}
