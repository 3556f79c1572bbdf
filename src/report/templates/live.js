
"use strict";
// Sorts and filters tables, and opens what a link leads to. Everything is on the page without it.
(() => {
  const number = (text) => {
    const plain = text.trim().replace(/,/g, "");
    return /^[+-]?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
  };
  const own = (cell) => (cell.querySelector("bdi") || cell).textContent;
  const compare = (one, other) => {
    const a = number(one), b = number(other);
    if (a !== null && b !== null) return a - b;
    if (a !== null || b !== null) return a === null ? 1 : -1;
    return one.localeCompare(other);
  };
  const make = (box) => {
    const table = box.querySelector("table"), body = table.tBodies[0], rows = [...body.rows];
    if (rows.length < 2) return;
    const field = document.createElement("p"), label = document.createElement("label");
    const input = document.createElement("input"), said = document.createElement("output");
    field.className = "filter";
    input.type = "search";
    input.autocomplete = "off";
    label.append("Filter ", input);
    field.append(label, " ", said);
    const grouped = rows.some((row) => row.className === "group");
    const filter = () => {
      const wanted = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0, group = null, inside = 0;
      const close = () => { if (group) group.hidden = wanted.length > 0 && inside === 0; };
      for (const row of rows) {
        if (row.className === "group") { close(); group = row; inside = 0; continue; }
        const text = row.textContent.toLowerCase();
        row.hidden = !wanted.every((word) => text.includes(word));
        if (!row.hidden) { shown += 1; inside += 1; }
      }
      close();
      for (const row of table.tFoot ? table.tFoot.rows : []) row.hidden = wanted.length > 0;
      said.textContent = wanted.length ? shown + " shown" : "";
    };
    input.addEventListener("input", filter);
    box.before(field);
    box.filterBy = (text) => { input.value = text; filter(); };
    if (grouped) return;
    [...table.tHead.rows[0].cells].forEach((head, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const sorted = [...body.rows].sort((a, b) => compare(own(a.cells[place]), own(b.cells[place])));
        body.append(...(down ? sorted.reverse() : sorted));
      });
    });
  };
  document.querySelectorAll(".table.live").forEach(make);
  const open = () => {
    const place = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    const folded = place && place.closest("details");
    if (folded && !folded.open) { folded.open = true; place.scrollIntoView(); }
  };
  addEventListener("hashchange", open);
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href^='#']");
    if (!link) return;
    const place = document.getElementById(link.hash.slice(1));
    const box = place && (place.closest(".table.live") || place.querySelector(".table.live"));
    if (box && box.filterBy) box.filterBy(link.dataset.filter || "");
    if (link.hash === location.hash) open();
  });
  open();
})();
