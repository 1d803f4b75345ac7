// Finds on a page what a person would point at. Called as find(kind, wanted); answers an element,
// an array or null. Kept apart from the Rust so that it can be read as what it is.
const squeeze = (text) => (text || "").replace(/\s+/g, " ").trim();
const plain = (text) => squeeze(text).replace(/\s*[*＊:：]+\s*$/, "");
const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });

const CLICKABLE = "a[href], button, summary, input[type=submit], input[type=button], [role=button], [role=tab], " +
  "[role=menuitem], [role=option], label, tr[data-href], [hx-get], [hx-post]";

function names(element) {
  return [element.innerText, element.value, element.getAttribute("aria-label"), element.title].map(squeeze).filter(Boolean);
}

function clickable(wanted) {
  const all = [...document.querySelectorAll(CLICKABLE)].filter((e) => shown(e) && !e.disabled);
  return all.find((e) => names(e).includes(wanted)) || all.find((e) => names(e).some((n) => n.includes(wanted))) || null;
}

function control(wanted) {
  const labels = [...document.querySelectorAll("label")];
  const label = labels.find((l) => plain(l.innerText) === wanted) ||
    labels.find((l) => plain(l.innerText.split("\n")[0]) === wanted);
  if (label && label.control) return label.control;
  const controls = [...document.querySelectorAll("input:not([type=hidden]), select, textarea")];
  return controls.find((c) => [c.getAttribute("aria-label"), c.placeholder, c.name].map(plain).includes(wanted)) || null;
}

function rows(selector) {
  const table = [...document.querySelectorAll(selector)].find(shown);
  if (!table) return null;
  return [...table.querySelectorAll("tr")].filter(shown).map((row) => [...row.cells].map((cell) => squeeze(cell.innerText)));
}

function setValue(element, value) {
  const prototype = Object.getPrototypeOf(element);
  Object.getOwnPropertyDescriptor(prototype, "value").set.call(element, value);
  element.dispatchEvent(new Event("input", { bubbles: true }));
  element.dispatchEvent(new Event("change", { bubbles: true }));
}

function choose(select, wanted) {
  const option = [...select.options].find((o) => squeeze(o.text) === wanted || o.value === wanted) ||
    [...select.options].find((o) => squeeze(o.text).includes(wanted));
  if (!option) return false;
  select.value = option.value;
  select.dispatchEvent(new Event("input", { bubbles: true }));
  select.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

function language(tag) {
  const links = [...document.querySelectorAll(`a[hreflang="${tag}"], a[lang="${tag}"], button[lang="${tag}"]`)];
  return links.find(shown) || links[0] || null;
}

const kinds = {
  clickable,
  control,
  rows,
  language,
  kind: (element) => (element.tagName === "INPUT" ? element.type : element.tagName.toLowerCase()),
  checked: (element) => element.checked,
  set: (element, value) => setValue(element, value),
  choose,
  text: () => squeeze(document.body ? document.body.innerText : ""),
  scroll: (element) => element.scrollIntoView({ block: "center" }),
  shown,
  width: () => [document.documentElement.scrollWidth, document.documentElement.clientWidth],
};
const [kind, ...rest] = arguments;
return kinds[kind](...rest);
