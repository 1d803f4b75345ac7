// The grid of a decision table: keys as in a spreadsheet, cells marked by the check, help for the column in use.

const grid = document.querySelector("form[data-grid]");
if (grid) work(grid);

function work(form) {
  const cell = (row, column) => form.querySelector(`#r${row}c${column}`);
  const place = (field) => /^r(\d+)c(\d+)$/.exec(field.id ?? "")?.slice(1).map(Number);

  // Cells and rows named by the check carry its sentence until the next check.
  function mark() {
    for (const old of form.querySelectorAll(".bad")) old.classList.remove("bad");
    for (const old of form.querySelectorAll("[aria-invalid]")) {
      old.removeAttribute("aria-invalid");
      old.removeAttribute("title");
    }
    for (const old of form.querySelectorAll("tr.wrong")) {
      old.classList.remove("wrong");
      old.removeAttribute("title");
    }
    for (const line of document.querySelectorAll("#desk-check [data-marks]")) {
      const found = document.getElementById(line.dataset.marks);
      if (!found) continue;
      const words = line.querySelector(".grow").textContent;
      found.title = words;
      if (found.matches("input")) {
        found.setAttribute("aria-invalid", "true");
        found.closest("td").classList.add("bad");
      } else found.classList.add("wrong");
    }
  }
  // The check is drawn anew beside the grid after every change.
  const beside = document.getElementById("desk-check")?.parentElement;
  if (beside) new MutationObserver(mark).observe(beside, { childList: true, subtree: true });

  // Help stands for the column in use.
  const helps = [...document.querySelectorAll("[data-help]")];
  const show = (column) => {
    const known = helps.some((one) => one.dataset.help === String(column));
    for (const one of helps) one.hidden = known ? one.dataset.help !== String(column) : one !== helps[0];
  };
  show(-1);
  form.addEventListener("focusin", (event) => {
    const at = place(event.target);
    if (at) show(at[1]);
  });

  const press = (row, verb) => form.querySelector(`#r${row} button[value="${verb}:${verb === "add" ? row + 1 : row}"]`)?.click();
  form.addEventListener("keydown", (event) => {
    const at = place(event.target);
    if (!at) return;
    const [row, column] = at;
    const go = (r, c) => {
      const next = cell(r, c);
      if (!next) return;
      event.preventDefault();
      next.focus();
      next.select();
    };
    const field = event.target;
    const start = field.selectionStart === 0 && (field.selectionEnd === 0 || field.selectionEnd === field.value.length);
    const end = field.selectionEnd === field.value.length && (field.selectionStart === field.value.length || start);
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      press(row, event.key === "ArrowUp" ? "up" : "down");
    } else if (event.ctrlKey && event.key.toLowerCase() === "d") {
      event.preventDefault();
      press(row, "copy");
    } else if (event.ctrlKey && event.key === "Enter") {
      event.preventDefault();
      press(row, "add");
    } else if (event.key === "Enter") {
      event.preventDefault();
      go(event.shiftKey ? row - 1 : row + 1, column);
    } else if (event.key === "ArrowUp" && !field.list) go(row - 1, column);
    else if (event.key === "ArrowDown" && !field.list) go(row + 1, column);
    else if (event.key === "ArrowLeft" && start) go(row, column - 1);
    else if (event.key === "ArrowRight" && end) go(row, column + 1);
    else if (event.key === "Escape" && field.value !== field.defaultValue) {
      event.preventDefault();
      field.value = field.defaultValue;
    }
  });

  // A block copied in a spreadsheet fills the cells from here to the right and down.
  form.addEventListener("paste", (event) => {
    const at = place(event.target);
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!at || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
    lines.forEach((line, down) => {
      line.split("\t").forEach((value, right) => {
        const field = cell(at[0] + down, at[1] + right);
        if (field && !field.readOnly) field.value = value.trim();
      });
    });
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
