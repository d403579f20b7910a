"use strict";
(() => {
  // Print what is folded away, too.
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) {
      details.open = true;
    }
  });

  // One benchmark of the roofline, the others faded, until its key is pressed again.
  const keys = Array.from(document.querySelectorAll(".families li"), (key) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-pressed", "false");
    button.append(...key.childNodes);
    key.append(button);
    return button;
  });
  for (const key of keys) {
    const colour = key.querySelector(".dot").classList[1];
    key.addEventListener("click", () => {
      const alone = key.getAttribute("aria-pressed") === "false";
      keys.forEach((other) => other.setAttribute("aria-pressed", other === key && alone));
      for (const dot of document.querySelectorAll(".roofline .point")) {
        dot.classList.toggle("faded", alone && !dot.classList.contains(colour));
      }
    });
  }

  const table = document.getElementById("rows-table");
  if (!table) {
    return;
  }
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const controls = document.getElementById("controls");
  const filter = document.getElementById("filter");
  const benchmark = document.getElementById("benchmark");
  const flagged = document.getElementById("flagged");
  const shown = document.getElementById("shown");
  const text = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const words = new Map(rows.map((row) => [row, new Set(text.get(row).split(/\s+/))]));

  // tp=1 must not find tp=16, so a word with = is a whole parameter.
  function has(row, word) {
    return word.includes("=") ? words.get(row).has(word) : text.get(row).includes(word);
  }

  function matches(row, wanted) {
    return wanted.every((word) =>
      word.length > 1 && word.startsWith("-") ? !has(row, word.slice(1)) : has(row, word)
    );
  }

  function show() {
    const wanted = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      row.hidden =
        !matches(row, wanted) ||
        (benchmark.value !== "" && row.dataset.benchmark !== benchmark.value) ||
        (flagged.checked && !row.classList.contains("flagged"));
      count += row.hidden ? 0 : 1;
    }
    shown.textContent = count + " of " + rows.length + " rows";
  }

  // Numbers by value with missing ones last in both directions, anything else as text.
  function compare(column, sign) {
    return (one, other) => {
      const a = one.cells[column];
      const b = other.cells[column];
      if (!("value" in a.dataset)) {
        return sign * a.textContent.localeCompare(b.textContent, "en", { numeric: true });
      }
      const missing = (a.dataset.value === "") - (b.dataset.value === "");
      return missing || sign * (Number(a.dataset.value) - Number(b.dataset.value));
    };
  }

  const heads = Array.from(table.tHead.rows[0].cells);
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      body.append(...rows.toSorted(compare(column, up ? 1 : -1)));
    });
  });

  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.addEventListener("input", show);
  controls.hidden = false;
  show();
})();
