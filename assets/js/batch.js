// Selection over pages: kept in this tab per list and question, stated in the bar, sent with the verb.

for (const list of document.querySelectorAll("[data-list]")) {
  const form = list.querySelector("form[data-batch]");
  const bar = list.querySelector("[data-batch-bar]");
  if (form && bar) select(list, form, bar);
}

function select(list, form, bar) {
  const question = new URLSearchParams(location.search);
  for (const name of ["page", "size", "sort", "unit", "col", "rows"]) question.delete(name);
  const store = `loanward:picked:${list.dataset.path}?${question}`;
  const picked = new Set(JSON.parse(sessionStorage.getItem(store) ?? "[]"));
  const boxes = [...form.querySelectorAll("td.pick input")];
  const all = form.querySelector("[data-pick-all]");
  const words = bar.querySelector("[data-batch-words]");

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
    sessionStorage.setItem(store, JSON.stringify([...picked]));
  }

  const set = (box, on) => (on ? picked.add(box.value) : picked.delete(box.value));
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
    for (const key of picked) event.formData.append("key", key);
  });
  show();
}
