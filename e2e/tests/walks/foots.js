// Follows every figure of the dashboard to its rows and compares count and money. Run as the body of a function.
const get = (href) => {
  const request = new XMLHttpRequest();
  request.open("GET", href, false);
  request.send();
  return new DOMParser().parseFromString(request.responseText, "text/html");
};
const amount = (text) => Number((text || "").replace(/[^0-9.-]/g, ""));
const foot = (href) => {
  const page = get(href);
  // The boxes of a list with a selection have a column of their own, whose foot is empty.
  const cells = [...page.querySelectorAll("main tfoot .grand td")].map((cell) => cell.textContent.trim()).filter(Boolean);
  const count = cells.length ? amount((cells[0].match(/[\d,]+/) || ["0"])[0]) : 0;
  return { count, money: cells.slice(1).map(amount) };
};
const near = (wanted, found) => found.some((money) => Math.abs(money / 10000 - wanted) <= 0.0051);
const wrong = [];
let seen = 0;
const check = (what, href, count, money) => {
  seen += 1;
  const rows = foot(href);
  const counted = count == null || count === rows.count;
  const summed = money == null || (rows.count === 0 ? money === 0 : near(money, rows.money));
  if (!counted || !summed) wrong.push({ what, href, count, money, rows });
};
for (const panel of document.querySelectorAll("main section.panel[id]")) {
  if (panel.id === "aging") continue;
  for (const row of panel.querySelectorAll("details tbody tr")) {
    const link = row.querySelector("a[href]");
    const cells = [...row.cells].map((cell) => cell.textContent.trim());
    if (link) check(`${panel.id} ${cells[0]}`, link.getAttribute("href"), amount(cells[1]), amount(cells[2]));
  }
}
// The levels of past days: their overdue steps are the overdue rows of that day.
for (const row of document.querySelectorAll("#aging details tbody tr")) {
  const link = row.querySelector("a[href]");
  const cells = [...row.cells].map((cell) => cell.textContent.trim());
  const overdue = cells.slice(2, -2).reduce((sum, cell) => sum + amount(cell), 0);
  if (link && !cells.includes("—")) {
    seen += 1;
    const rows = foot(link.getAttribute("href"));
    const summed = rows.count === 0 ? overdue === 0 : rows.money.some((money) => Math.abs(money / 10000 - overdue) <= 0.03);
    if (!summed) wrong.push({ what: `aging ${cells[0]}`, href: link.getAttribute("href"), overdue, rows });
  }
}
for (const tile of document.querySelectorAll("main .tile")) {
  const link = tile.querySelector("a.value[href]");
  const unit = tile.querySelector(".value small")?.textContent ?? "";
  if (!link || unit.includes("%")) continue;
  const figure = amount(tile.querySelector(".value b").textContent);
  const money = unit.includes("万元");
  check(tile.querySelector(".label").textContent.trim(), link.getAttribute("href"), money ? null : figure, money ? figure : null);
}
return { seen, wrong };
