// The navigation: which groups are open is remembered in this browser; in the rail one group at a time shows its pages.
// The arrows move within it, Esc folds the group and stays on its name. Without this it folds and unfolds all the same.

const nav = document.getElementById("nav");
const STORE = "loanward:nav";
const groups = nav ? [...nav.querySelectorAll("details[data-nav]")] : [];
const entries = (group) => group.querySelector(".entries");
/** In the rail the pages of a group lie over the page instead of under its name. */
const rail = () => groups.some((group) => getComputedStyle(entries(group)).position === "fixed");
const shown = (group) => group.open && getComputedStyle(entries(group)).display !== "none";

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? "{}");
  } catch {
    return {};
  }
}

function remember(group) {
  try {
    localStorage.setItem(STORE, JSON.stringify({ ...remembered(), [group.dataset.nav]: group.open }));
  } catch {
    // A browser that keeps nothing forgets it; the navigation works all the same.
  }
}

if (nav) {
  const before = remembered();
  for (const group of groups) {
    if (group.classList.contains("here")) continue;
    if (rail()) group.open = false;
    else if (group.dataset.nav in before) group.open = before[group.dataset.nav] === true;
  }

  let seen = false;
  nav.addEventListener("pointerdown", (event) => {
    const group = event.target.closest("summary")?.parentElement;
    seen = Boolean(group) && shown(group);
  });
  nav.addEventListener("click", (event) => {
    const group = event.target.closest("summary")?.parentElement;
    if (!group) return;
    // The group one is in stands open from the beginning: the first touch shows its pages instead of folding them.
    if (rail() && group.open && !seen && event.detail > 0) {
      event.preventDefault();
      group.querySelector("summary").focus();
    } else if (!rail()) {
      // The state changes after the click.
      setTimeout(() => remember(group));
    }
  });

  nav.addEventListener("focusout", (event) => {
    const group = event.target.closest("details[data-nav]");
    if (!group || group.contains(event.relatedTarget) || group.matches(":hover") || !rail()) return;
    if (!group.classList.contains("here")) group.open = false;
  });

  nav.addEventListener("keydown", (event) => {
    const stops = [...nav.querySelectorAll("summary, a")].filter((one) => one.checkVisibility());
    const at = stops.indexOf(event.target);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (at >= 0 && step && stops[at + step]) {
      event.preventDefault();
      stops[at + step].focus();
    }
    const group = event.target.closest("details[data-nav]");
    if (event.key === "Escape" && group?.open) {
      event.stopImmediatePropagation();
      group.open = false;
      group.querySelector("summary").focus();
      if (!rail()) remember(group);
    }
  });
}
