// Selection over pages: kept in this tab per list and question, stated in the bar, sent with the verb.

// What was picked there is done: the list begins with nothing ticked.
const done = document.querySelector("[data-batch-done]");
if (done) {
  const begin = `loanward:picked:${done.dataset.batchDone}?`;
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(begin)) sessionStorage.removeItem(name);
}

for (const list of document.querySelectorAll("[data-list]")) {
  const form = list.querySelector("form[data-batch]");
  const bar = list.querySelector("[data-batch-bar]");
  if (form && bar) select(list, form, bar);
}

function select(list, form, bar) {
  const question = new URLSearchParams(location.search);
  for (const name of ["page", "size", "sort", "unit", "col", "rows"]) question.delete(name);
  const store = `loanward:picked:${list.dataset.path}?${question}`;
  // Key to fen, as text: sums are exact over BigInt.
  const picked = new Map(JSON.parse(sessionStorage.getItem(store) ?? "[]"));
  const boxes = [...form.querySelectorAll("td.pick input")];
  const all = form.querySelector("[data-pick-all]");
  const words = bar.querySelector("[data-batch-words]");
  const sum = bar.querySelector("[data-batch-sum]");

  function show() {
    let here = 0;
    for (const box of boxes) {
      box.checked = picked.has(box.value);
      box.closest("tr").classList.toggle("picked", box.checked);
      here += Number(box.checked);
    }
    all.checked = here > 0 && here === boxes.length;
    all.indeterminate = here > 0 && here < boxes.length;
    bar.hidden = picked.size === 0;
    words.textContent = words.dataset.words.replace("{n}", picked.size).replace("{here}", here);
    if (sum) sum.textContent = affects(sum.dataset, picked);
    sessionStorage.setItem(store, JSON.stringify([...picked]));
  }

  const set = (box, on) => (on ? picked.set(box.value, box.dataset.fen ?? "0") : picked.delete(box.value));
  const clear = () => {
    picked.clear();
    show();
  };
  form.addEventListener("change", (event) => {
    if (event.target === all) boxes.forEach((box) => set(box, all.checked));
    else if (boxes.includes(event.target)) set(event.target, event.target.checked);
    show();
  });
  bar.querySelector("[data-batch-clear]").addEventListener("click", clear);
  addEventListener("keydown", (event) => {
    const drawer = document.getElementById("drawer");
    if (event.key === "Escape" && picked.size && (!drawer || drawer.hidden)) clear();
  });
  // Rows of other pages go along as hidden fields.
  form.addEventListener("formdata", (event) => {
    event.formData.delete("key");
    for (const key of picked.keys()) event.formData.append("key", key);
  });
  show();
}

/** What the selection comes to, in the unit of the list (万元 rounded half away from zero). */
function affects(data, picked) {
  let total = 0n;
  for (const fen of picked.values()) total += BigInt(fen);
  const size = total < 0n ? -total : total;
  const shown = data.unit === "wan" ? (size + 5000n) / 10000n : size;
  const yuan = String(shown / 100n).replace(/\B(?=(\d{3})+$)/g, ",");
  const text = `${total < 0n ? "−" : ""}${yuan}.${String(shown % 100n).padStart(2, "0")}`;
  const parts = { n: picked.size, title: data.title, sum: text, unit: data.unitName };
  return data.words.replace(/\{(\w+)\}/g, (_, name) => parts[name]);
}
