// Scenarios: those a reader keeps in this browser, side by side with the page's own; files in and out.

const KINDS = [
  ["scenario", "Scenario file", "Opens here again"],
  ["profile", "Profile (YAML)", "For the command line"],
  ["table", "Value by month (CSV)", "For a spreadsheet"],
  ["document", "Results (JSON)", "Every figure of the run"],
];

function downloadMenu(ask) {
  const list = make("div.gw-menu", { hidden: true });
  const word = make("button.gw-top-word", { type: "button", "aria-expanded": "false", onclick: () => turn(list.hidden) }, "Download");
  const turn = (open) => { list.hidden = !open; word.setAttribute("aria-expanded", String(open)); };
  const entry = (label, help, action) => make("button.gw-menu-entry", { type: "button", onclick: () => { turn(false); action(); } }, label, make("span.gw-sub", {}, help));
  list.append(...KINDS.map(([what, label, help]) => entry(label, help, () => ask(what))), entry("Print or PDF", "This page as it stands", () => print()));
  const node = make("div.gw-menu-place", { onkeydown: (event) => { if (event.key === "Escape" && !list.hidden) { turn(false); word.focus(); } } }, word, list);
  node.addEventListener("focusout", (event) => { if (!node.contains(event.relatedTarget)) turn(false); });
  return node;
}

class Scenarios {
  constructor(profile, page) {
    this.page = page;
    this.key = `groundwork.scenarios.${profile}`;
    this.memory = [];
    const key = `gw-${uniqueNumber++}`;
    this.name = make("input.gw-box", { id: `${key}-name`, type: "text", maxlength: 60, autocomplete: "off" });
    this.noted = make("input.gw-box", { id: `${key}-note`, type: "text", maxlength: 2000, autocomplete: "off" });
    this.keepWord = make("button.gw-primary", { type: "submit" }, "Keep this scenario");
    const file = make("input", { type: "file", accept: ".json,application/json", hidden: true, onchange: () => this.read(file) });
    this.form = make("form.gw-keep", { onsubmit: (event) => { event.preventDefault(); this.keep(); } },
      make("label", { for: this.name.id }, "Name"), this.name, make("label", { for: this.noted.id }, "Note"), this.noted, this.keepWord,
      make("button.gw-secondary", { type: "button", onclick: () => file.click() }, "Open a file"), file);
    this.said = make("p.gw-help", { role: "status" });
    this.table = make("div.gw-table", { tabindex: 0, role: "region", "aria-label": "Scenarios side by side" });
    this.title = make("h2", { tabindex: -1 }, "Scenarios side by side");
    this.node = make("section.gw-scenarios", { hidden: true, "aria-label": "Scenarios", onkeydown: (event) => { if (event.key === "Escape") this.turn(); } },
      make("div.gw-scenarios-head", {}, this.title, make("button.gw-word", { type: "button", onclick: () => this.turn() }, "Close")), this.form, this.said, this.table);
  }

  kept() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key) || "[]");
      return Array.isArray(kept) ? kept : [];
    } catch { return this.memory; }
  }

  store(kept) {
    this.memory = kept;
    try { localStorage.setItem(this.key, JSON.stringify(kept)); } catch { /* a private window forgets them with the page */ }
    this.ask();
  }

  note() { return this.noted.value; }

  turn() {
    this.node.hidden = !this.node.hidden;
    if (this.node.hidden) this.page.close();
    else { this.ask(); this.title.focus(); }
    return !this.node.hidden;
  }

  ask() { this.page.send({ do: "compare", kept: this.kept() }); }

  // A page at rest may have gone elsewhere: its own column follows.
  follow(verdict) {
    const now = JSON.stringify([this.page.link(), verdict.count]);
    if (!this.node.hidden && verdict.phase !== "dragging" && this.shown !== now) this.ask();
    if (verdict.phase !== "dragging") this.shown = now;
  }

  keep() {
    const kept = this.kept();
    const name = this.name.value.trim() || `Scenario ${kept.length + 1}`;
    const others = kept.filter((one) => one.name !== name);
    if (others.length >= (this.room || 4)) { this.said.textContent = `There is room for ${this.room || 4}. Remove one first.`; return; }
    this.said.textContent = `${name} is kept in this browser.`;
    this.store([...others, { name, note: this.noted.value.trim(), link: this.page.link() }]);
    this.name.value = this.noted.value = "";
  }

  async read(file) {
    const [chosen] = file.files;
    if (!chosen) return;
    this.page.send({ do: "open_file", text: chosen.size > 65536 ? "x".repeat(65537) : await chosen.text() });
    file.value = "";
  }

  show(told) {
    if (!told.columns) return;
    this.room = told.room;
    const { columns, rows } = told;
    const cells = (label, cell) => make("tr", {}, make("th", { scope: "row" }, label), ...columns.map((column, place) => make("td", {}, ...cell(column, place))));
    const strip = (parts) => [
      make("div.gw-strip", { "aria-hidden": "true" }, ...parts.map((part) => make("span", { style: `flex: ${part.count} 0 0; background: var(--gw-${part.look})` }))),
      make("div.gw-sub", {}, parts.map((part) => `${part.label} ${part.count}`).join(", ")),
    ];
    const act = (column) => column.kept ? [
      make("button.gw-word", { type: "button", "aria-label": `Open ${column.name}`, onclick: () => this.page.send(column.link ? { do: "restore", link: column.link } : { do: "reset" }) }, "Open"),
      " ",
      make("button.gw-word", { type: "button", "aria-label": `Remove ${column.name}`, onclick: () => this.store(this.kept().filter((one) => one.name !== column.name)) }, "Remove"),
    ] : [];
    const noted = columns.some((column) => column.note);
    this.table.replaceChildren(make("table.gw-side", {},
      make("thead", {}, make("tr", {}, make("td"), ...columns.map((column) => make("th", { scope: "col" }, make("strong", {}, column.name), make("div", {}, ...act(column)))))),
      make("tbody", {},
        cells("Verdict", (column) => sentence(column.verdict)),
        cells("Best choice in 100 futures", (column) => strip(column.strip)),
        cells("Typical lead", (column) => sentence(column.lead)),
        ...rows.map((row) => cells(make("span", { style: `color: ${row.ink}` }, `${row.label}, ${told.unit}`), (_, place) => [make("strong", {}, row.cells[place][0]), make("div.gw-sub", {}, row.cells[place][1])])),
        cells("Changed", (column) => column.changes.length ? [make("ul", {}, ...column.changes.map((change) => make("li", {}, change)))] : ["nothing"]),
        noted ? cells("Note", (column) => [column.note]) : null)));
    const [first] = told.refused;
    if (first) this.said.textContent = `${first.name} cannot be shown: it is ${first.why}.`;
  }
}
